import { keyOfJson } from '../study/key.js';
import { publishEntry } from '../results/catalog/entry.js';
import type { ShardOutcome } from '../study/orchestration.js';
import { DamagedFileError, OtherColumnsError } from '../results/checksum.js';
import { openOwnStore } from '../results/open-store.js';
import { decodeColumns } from '../results/part.js';
import { partPath, shardId } from '../results/paths.js';
import type { ShardPoint } from '../results/plan-file.js';
import type { Store } from '../results/store.js';
import { UnusableFile } from '../results/unusable-file.js';
import type { Status } from '../ufm/solution.js';
import { NUMERICAL_VERSION } from '../ufm/numerical-version.js';
import { OtherNumericalVersion } from './failures.js';
import { hasFailed, isBetter } from './outcome.js';
import { Pieces } from './pieces.js';
import { readPlannedShard, type ShardJob } from './planned-shard.js';
import { solveInPieces } from './solve-in-pieces.js';
import type { Solver } from './solver.js';
import { note, span } from './span.js';
import type { Surroundings, Worker } from './surroundings.js';

/** The round is planned again: trying the shard again would not mend it. */
const PLAN_DAMAGED: ShardOutcome = { points: 0, failed: 0, planDamaged: true };

/**
 * Solves one shard and publishes its part. Idempotent: a shard whose part has landed is done, and what is solved of
 * a long one is not solved again. Where the plan is damaged or gone nothing is solved, and the outcome says so.
 *
 * @throws OtherNumericalVersion when another version of this program has made the plan; UnsolvablePoint when somebody
 *   has changed it; the signal's reason when it aborts.
 */
export async function solveShard(
  job: ShardJob,
  solver: Solver,
  worker: Worker,
  surroundings: Surroundings,
): Promise<ShardOutcome> {
  const { study, specHash } = job.reference;
  note({ 'ufm.study': study, 'ufm.spec_hash': specHash, 'ufm.shard': job.shard });
  const store = await openOwnStore(job.reference.store);
  const points = await span('read page', {}, () => readPlannedShard(store, job));
  if (points === null) return PLAN_DAMAGED;
  requireOwnVersion(points[0]!, worker);
  const id = shardId(points.map(({ key }) => key));
  const landed = await findPart(store, id);
  if (landed.outcome !== null) {
    note({ 'ufm.part.found': true });
    return landed.outcome;
  }

  const provenance = {
    attempt: surroundings.attempt,
    worker: worker.identity,
    codeVersion: worker.codeVersion,
    numericalVersion: NUMERICAL_VERSION,
    specHash,
  };
  const pieces = new Pieces(store, job.reference, id);
  const part = await solveInPieces(points, pieces, provenance, solver, surroundings);
  if (mends(part.bytes, landed.statuses)) {
    await span('publish part', { 'ufm.store': store.url, 'ufm.bytes': part.bytes.length }, () =>
      land(store, id, landed.retry, part.bytes),
    );
  }
  await pieces.discard();
  return part.outcome;
}

/** Publishes a part. When somebody else was quicker theirs stays, with rows just as good, if it is whole. */
async function land(store: Store, id: string, retry: number, bytes: Uint8Array): Promise<void> {
  const path = partPath(id, retry);
  note({ 'ufm.part': path });
  if (await store.publish(path, bytes)) {
    note({ 'ufm.part.won': true });
    // The part has landed; who opens the store next enters it otherwise.
    await publishEntry(store, path, bytes).catch(() => undefined);
    return;
  }
  const theirs = await findPart(store, id, retry);
  // What has taken the path may be no part at all, and may not go: then the next one is free.
  if (theirs.outcome === null && theirs.landed === null) await land(store, id, theirs.retry, bytes);
  else note({ 'ufm.part.won': false });
}

/** A row that another version has solved must not lie under a key of this one, nor the other way round. */
function requireOwnVersion({ key, instance }: ShardPoint, { identity, codeVersion }: Worker): void {
  if (keyOfJson(instance, NUMERICAL_VERSION) === key) return;
  throw new OtherNumericalVersion(
    `The worker ${identity} (ufm-sweep ${codeVersion}, numerical version ${NUMERICAL_VERSION}) does not solve what ` +
      'another version has planned: run the same version on all machines.',
  );
}

/** What has landed of a shard. */
interface LandedShard {
  /** Of the part that settles it; null when none does. */
  readonly outcome: ShardOutcome | null;
  /** Of the last part that does not, since points of it have failed; null when there is none. */
  readonly landed: ShardOutcome | null;
  /** The best status of each point in the parts that do not settle it, by key. */
  readonly statuses: ReadonlyMap<string, Status>;
  /** Number of the next part. */
  readonly retry: number;
}

/**
 * Looks for what has landed of a shard. A part with failed points is there for good, but it does not settle a shard that
 * was planned again: the next retry is free for it. A damaged part is set aside; one that cannot be read, or not by this
 * version, is passed over.
 *
 * @param from number of the part to begin with
 */
async function findPart(store: Store, id: string, from = 0): Promise<LandedShard> {
  let landed: ShardOutcome | null = null;
  const statuses = new Map<string, Status>();
  let aside = '';
  for (let retry = from; ; retry += 1) {
    const path = partPath(id, retry);
    const bytes = await store.read(path).catch(passOver);
    if (bytes === null) return { outcome: null, landed, statuses, retry };
    if (bytes === UNUSABLE) continue;
    try {
      const rows = decodeColumns(bytes, ['point_key', 'status']);
      if (shardId(rows.map(({ point_key }) => point_key)) !== id) {
        throw new DamagedFileError('it holds other points than its name says');
      }
      landed = outcomeOf(rows.map(({ status }) => status as Status));
      if (landed.failed === 0) return { outcome: landed, landed, statuses, retry };
      for (const { point_key: key, status } of rows) {
        if (isBetter(status as Status, statuses.get(key))) statuses.set(key, status as Status);
      }
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error;
      // Where it cannot be set aside the next number is as good.
      if (error instanceof OtherColumnsError || aside === path) continue;
      await store.quarantine(path, bytes);
      aside = path;
      // Another one may have taken its place, which is judged by itself.
      retry -= 1;
    }
  }
}

/** In place of the bytes of a file that cannot be read. */
const UNUSABLE = new Uint8Array();

function passOver(error: unknown): Uint8Array {
  if (error instanceof UnusableFile) return UNUSABLE;
  throw error;
}

/**
 * Whether a part says more than those before it: a row counts only where its status is better than that of an earlier
 * one, so that trying in vain again and again would leave nothing but files.
 */
function mends(bytes: Uint8Array, before: ReadonlyMap<string, Status>): boolean {
  if (before.size === 0) return true;
  const rows = decodeColumns(bytes, ['point_key', 'status']);
  return rows.some(({ point_key: key, status }) => isBetter(status as Status, before.get(key)));
}

function outcomeOf(statuses: readonly Status[]): ShardOutcome {
  return { points: statuses.length, failed: statuses.filter(hasFailed).length };
}
