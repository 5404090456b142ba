import { SHARDS_PER_PAGE } from '../results/plan-file.js';
import { MAXIMUM_WINDOW, SHARDS_PER_THREAD } from '../study/conductor-state.js';
import { RATES } from './measured-rates.js';
import { SETTLED_PER_PAGE } from './plan-pages.js';

/** What there is to do of a study: its grids, without the rounds that bracket transitions. */
export interface Demand {
  readonly points: { readonly open: number; readonly cached: number };
  readonly shards: number;
  /** Of one solver thread, for all open points together. */
  readonly solveSeconds: number;
  /** Of all rows together. */
  readonly rowBytes: number;
}

/** What a study takes of a cluster. */
export interface Capacity {
  readonly planPages: number;
  readonly store: {
    readonly objects: number;
    readonly planBytes: number;
    readonly partBytes: number;
  };
  readonly history: {
    /** Of all runs. How many shards end between two tasks of the workflow decides where between these. */
    readonly events: { readonly least: number; readonly most: number };
    /** The most: the workflow continues as new when a history is long. */
    readonly runs: number;
    /** The most, of all runs. */
    readonly bytes: number;
  };
  /** Seconds of a core. */
  readonly cpuSeconds: {
    readonly planning: number;
    readonly solving: number;
    readonly writing: number;
    readonly analyzing: number;
    readonly orchestrating: number;
    readonly server: number;
  };
  /** Resident bytes of the process that plans. */
  readonly planningMemory: number;
  /** Shards in flight that keep the workers busy, for `run --window`. */
  readonly window: number;
  /** Of the workers, how many a study can keep busy: no more than it has shards in flight. */
  readonly busyWorkers: number;
  /** On the clock: planning and analyzing are one process each, solving is shared by the workers. */
  readonly seconds: {
    readonly planning: number;
    readonly solving: number;
    readonly analyzing: number;
  };
}

/** Of a history at which a Temporal server suggests to continue as new. */
const EVENTS_A_RUN = 4096;

/**
 * Events beside those of shards: the start and its signal, planning twice (the second time for nothing), analyzing, the
 * end, a workflow task after each, and the search attributes of each stage. The latter are left out where the
 * namespace does not know them.
 */
const EVENTS_A_STUDY = { least: 24, most: 29 };

/** An activity is scheduled, started and completed; at most a workflow task of as many events follows each. */
const EVENTS_A_SHARD = { least: 3, most: 6 };

/** Shards between two updates of the search attributes. */
const SHARDS_AN_UPDATE = 50;

/** Start, a workflow task, the search attributes, and the continuation. */
const EVENTS_A_CONTINUATION = 6;

/**
 * The marker of the store, the study as text and resolved, which version is the latest, the manifest of the plan and its
 * pointer, and nine files of the analysis.
 */
const OBJECTS_A_STUDY = 15;

/**
 * What a study takes, by measured rates; docs/capacity.md has the formulas.
 *
 * @param workers shards that are solved at the same time, >= 1: solver threads of all workers together
 */
export function capacityOf(
  { points, shards, solveSeconds, rowBytes }: Demand,
  workers: number,
): Capacity {
  const total = points.open + points.cached;
  const planPages =
    Math.ceil(shards / SHARDS_PER_PAGE) + Math.ceil(points.cached / SETTLED_PER_PAGE);
  const most =
    EVENTS_A_STUDY.most + EVENTS_A_SHARD.most * shards + Math.floor(shards / SHARDS_AN_UPDATE);
  const continuations = Math.floor(most / EVENTS_A_RUN);
  const events = {
    least: EVENTS_A_STUDY.least + EVENTS_A_SHARD.least * shards,
    most: most + EVENTS_A_CONTINUATION * continuations,
  };
  const writing = RATES.writing * points.open;
  const cpuSeconds = {
    planning: RATES.planning * total,
    solving: solveSeconds,
    writing,
    analyzing: RATES.analyzing * total,
    orchestrating: RATES.orchestrating * shards,
    server: RATES.server * shards,
  };
  const busyWorkers = Math.min(workers, MAXIMUM_WINDOW, shards);
  // Whole shards: the last ones of a small study leave workers idle.
  const turns = shards === 0 ? 0 : Math.ceil(shards / busyWorkers);
  const shardSeconds = shards === 0 ? 0 : (solveSeconds + writing) / shards;
  return {
    planPages,
    store: {
      objects: shards + planPages + OBJECTS_A_STUDY,
      planBytes: RATES.planBytes * total,
      partBytes: RATES.partBytes * shards + rowBytes,
    },
    history: { events, runs: 1 + continuations, bytes: RATES.eventBytes * events.most },
    cpuSeconds,
    planningMemory: RATES.planMemory.process + RATES.planMemory.point * total,
    window: Math.min(MAXIMUM_WINDOW, SHARDS_PER_THREAD * workers),
    busyWorkers,
    seconds: {
      planning: cpuSeconds.planning,
      solving: turns * shardSeconds,
      analyzing: cpuSeconds.analyzing,
    },
  };
}

/** All of it, in hours of a core, the server's included. */
export function coreHours({ cpuSeconds }: Pick<Capacity, 'cpuSeconds'>): number {
  return Object.values(cpuSeconds).reduce((sum, seconds) => sum + seconds, 0) / 3600;
}
