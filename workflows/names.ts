import type { StudyReference } from '../study/orchestration.js';
import type { SegmentStart } from '../study/segment-report.js';

/**
 * Task queues as people name them: planning and analyzing are light and few, solving is heavy and scales out. Each store
 * has queues of its own, with its identity behind these names. Bare they are those of studies that began before stores had
 * identities.
 */
export const CONTROL_QUEUE = 'ufm-control';
export const SOLVE_QUEUE = 'ufm-solve';

/** Digits of the identity of a store in ids and queues: enough to tell stores apart, few enough to read. */
const STORE_DIGITS = 12;

type InStore = Pick<StudyReference, 'storeId'>;

/** The task queue of the workflows of a store, and of planning and analyzing for them. */
export function controlQueue(store: InStore): string {
  return ofStore(CONTROL_QUEUE, store);
}

/**
 * The task queue of the shards of a store's studies. It carries the numerical version of whoever planned them, so that
 * solvers of another version never get one.
 *
 * @param queue as people name it: `SOLVE_QUEUE`, or that of `--queue`
 */
export function shardQueue(queue: string, numericalVersion: number, store: InStore): string {
  return `${ofStore(queue, store)}-v${numericalVersion}`;
}

/** The numerical version that a queue of shards is for; null when its name has none. */
export function versionOfQueue(shardQueue: string): number | null {
  const version = /-v(\d+)$/.exec(shardQueue)?.[1];
  return version === undefined ? null : Number(version);
}

/** Header in which Temporal's OpenTelemetry interceptors say which span something is within. */
export const TRACE_HEADER = '_tracer-data';

/** Search attributes of a study workflow, with the types under which a namespace registers them. */
export const SEARCH_ATTRIBUTES = [
  { name: 'UfmStudy', type: 'KEYWORD' },
  { name: 'UfmStage', type: 'KEYWORD' },
  { name: 'UfmPointsTotal', type: 'INT' },
  { name: 'UfmPointsDone', type: 'INT' },
  { name: 'UfmPointsFailed', type: 'INT' },
] as const;

/** One workflow a store, study and specification: running the same study twice attaches to the first. */
export function workflowId(reference: StudyReference): string {
  return `${studyId(reference)}/${reference.specHash}`;
}

/**
 * What the ids of the segments of a study begin with: one that began anew does not meet those of the one before it.
 *
 * @param study id of the workflow of the study
 * @param chain id of the first of its runs
 */
export function idsOfSegments(study: string, chain: string): string {
  return `${study}/segment-${chain.slice(0, 8)}-`;
}

/** The workflow of a segment; see `idsOfSegments`. */
export function segmentId(
  study: string,
  chain: string,
  { round, first }: Pick<SegmentStart, 'round' | 'first'>,
): string {
  return `${idsOfSegments(study, chain)}${round}-${first}`;
}

/** The study that the id of a workflow names, in whichever store; null where it is none of a study. */
export function versionOfId(id: string): Pick<StudyReference, 'study' | 'specHash'> | null {
  const [, study, specHash] = /^ufm\/(?:[0-9a-f]{12}\/)?([^/]+)\/([^/]+)$/.exec(id) ?? [];
  return study === undefined || specHash === undefined ? null : { study, specHash };
}

/** Names a study of a store on a server, whatever its version; that of its schedule. */
export function studyId({ storeId, study }: Omit<StudyReference, 'specHash' | 'store'>): string {
  return storeId === undefined ? `ufm/${study}` : `${idsOfStore({ storeId })}${study}`;
}

/** What the ids of all studies of a store begin with. */
export function idsOfStore({ storeId }: Required<InStore>): string {
  return `ufm/${storeId.slice(0, STORE_DIGITS)}/`;
}

function ofStore(queue: string, { storeId }: InStore): string {
  return storeId === undefined ? queue : `${queue}-${storeId.slice(0, STORE_DIGITS)}`;
}
