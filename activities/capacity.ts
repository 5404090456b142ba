import { SHARDS_PER_PAGE } from '../results/plan-file.js';
import { MAXIMUM_WINDOW, SHARDS_PER_THREAD } from '../study/conductor-state.js';
import { RATES } from './measured-rates.js';
import { SETTLED_PER_PAGE } from './plan-pages.js';
import { MOST_KEYS } from './survey.js';

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
    /** The most at a time: the analysis gathers the entries of more than a few parts into files of 8 MB. */
    readonly objects: number;
    readonly planBytes: number;
    readonly partBytes: number;
    readonly catalogBytes: number;
  };
  readonly history: {
    /** Of all runs. How many shards end between two tasks of the workflow decides where between these. */
    readonly events: { readonly least: number; readonly most: number };
    /** The most histories: of the runs of the study, which continues as new, and of the segments of its rounds. */
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

/**
 * Of a segment that takes the rest of a round: its start and end, in two histories; or of a run that continues as new, with
 * its search attributes. With a workflow task each.
 */
const EVENTS_A_CONTINUATION = 20;

/** A signal is sent (two events) and received (one), with a workflow task of three events in both histories. */
const EVENTS_A_MESSAGE = 9;

/** Shards between two messages of a segment that hands out shards. */
const SHARDS_A_REPORT = 50;

/**
 * Messages of a segment that runs down, and of the study to the one that gets its slots: the first few when one in eight and
 * one in sixteen of the shards in flight have ended, and so on.
 */
function handoverMessages(window: number): number {
  return [8, 16].reduce((sum, share) => sum + untilNoneIsLeft(window, share), 0);
}

function untilNoneIsLeft(window: number, share: number): number {
  return window <= share ? window : Math.ceil(share * (1 + Math.log(window / share)));
}

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
  const { planMemory, entryBytes } = RATES;
  const planPages =
    Math.ceil(shards / SHARDS_PER_PAGE) + Math.ceil(points.cached / SETTLED_PER_PAGE);
  const window = Math.min(MAXIMUM_WINDOW, SHARDS_PER_THREAD * workers);
  const history = historyOf(shards, window);
  const writing = RATES.writing * points.open;
  const cpuSeconds = {
    planning: RATES.planning * total * (total > MOST_KEYS ? RATES.planningTwice : 1),
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
      // A part and its entry.
      objects: 2 * shards + planPages + OBJECTS_A_STUDY,
      planBytes: RATES.planBytes * total,
      partBytes: RATES.partBytes * shards + rowBytes,
      catalogBytes: entryBytes.file * shards + entryBytes.row * points.open,
    },
    history: { ...history, bytes: RATES.eventBytes * history.events.most },
    cpuSeconds,
    planningMemory: Math.min(planMemory.most, planMemory.process + planMemory.point * total),
    window,
    busyWorkers,
    seconds: {
      planning: cpuSeconds.planning,
      solving: turns * shardSeconds,
      analyzing: cpuSeconds.analyzing,
    },
  };
}

/** Events and histories of a study of so many shards. */
function historyOf(shards: number, window: number): Omit<Capacity['history'], 'bytes'> {
  const least = EVENTS_A_STUDY.least + EVENTS_A_SHARD.least * shards;
  const most =
    EVENTS_A_STUDY.most + EVENTS_A_SHARD.most * shards + Math.floor(shards / SHARDS_AN_UPDATE);
  if (most < EVENTS_A_RUN) return { events: { least, most }, runs: 1 };
  const reported = most + (EVENTS_A_MESSAGE * shards) / SHARDS_A_REPORT;
  // Histories add events, which need histories: the sum of a geometric series.
  const added = EVENTS_A_CONTINUATION + EVENTS_A_MESSAGE * handoverMessages(window);
  const all = Math.ceil(reported / (1 - added / EVENTS_A_RUN));
  // Neither the last segment nor the last run of the study has to be full.
  return { events: { least, most: all }, runs: 2 + Math.floor(all / EVENTS_A_RUN) };
}

/** All of it, in hours of a core, the server's included. */
export function coreHours({ cpuSeconds }: Pick<Capacity, 'cpuSeconds'>): number {
  return Object.values(cpuSeconds).reduce((sum, seconds) => sum + seconds, 0) / 3600;
}
