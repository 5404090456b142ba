/** Names a study in a store: what every activity gets, instead of the study itself. */
export interface StudyReference {
  /** URL or folder of the store, as whoever started the study sees it. */
  readonly store: string;
  /**
   * What tells the store from all others, wherever it is mounted: 32 hex digits. Absent in what a version of this program
   * began that did not know it yet.
   */
  readonly storeId?: string;
  readonly study: string;
  /** Hash of the resolved study: a changed study is another run. */
  readonly specHash: string;
}

/** What a round of planning found: round 0 is the grid, later rounds bracket transitions. */
export interface RoundPlan {
  /** Where the pages of the plan are in the store. */
  readonly plan: string;
  /** Shards that have to be solved; 0 when every point of the round has landed. */
  readonly shards: number;
  /** Points that the round asks for, and how many of them had rows already. */
  readonly points: number;
  readonly cached: number;
  /** Of the cached points, those whose rows say `failed` or `diverged`. */
  readonly failed: number;
  /** Of the solvers that the shards are for. Absent where an early version of this program has planned. */
  readonly numericalVersion?: number;
}

/** What solving one shard left behind. */
export interface ShardOutcome {
  readonly points: number;
  /** Points whose status is `failed` or `diverged`. */
  readonly failed: number;
  /** The page of the plan is damaged, so that nobody can tell what is in the shard: nothing was solved. */
  readonly planDamaged?: true;
}

export type Stage = 'planning' | 'solving' | 'analyzing' | 'done';

/** Counts of a study under way. Of a page of state: small enough for a query, a memo and a checkpoint. */
export interface Progress {
  readonly stage: Stage;
  readonly round: number;
  readonly paused: boolean;
  /** At the end total = done + failed. Cached points are done or failed, without having been solved in this run. */
  readonly points: {
    readonly total: number;
    readonly done: number;
    readonly failed: number;
    readonly cached: number;
  };
  readonly shards: {
    readonly total: number;
    readonly done: number;
    readonly failed: number;
    readonly inFlight: number;
  };
  /**
   * Why the last of the shards that have failed for good did; null when none has. Absent where a worker of an early
   * version of this program tells.
   */
  readonly shardFailure?: string | null;
  /**
   * Why one step at a time is tried and no more is handed out: the infrastructure has failed again and again. Goes on by
   * itself once a step succeeds. Null when that is not so; absent where an early version tells.
   */
  readonly halted?: string | null;
}

/**
 * What has failed when a step has: the infrastructure (the store, the network, the machine of whoever tried), which says
 * nothing of the step; the worker, lost at every try of a number of them, of which nobody can tell why; or the step itself,
 * which is final.
 */
export type Fault = 'infrastructure' | 'worker lost' | 'shard';

/** What a segment of a round needs of whoever runs it. */
export interface ShardSteps {
  solveShard(reference: StudyReference, plan: RoundPlan, shard: number): Promise<ShardOutcome>;
  /** Why a step has failed, in words for people. */
  reasonOf(error: unknown): string;
  classOf(error: unknown): Fault;
  /** Resolves after so many milliseconds, or when nobody cares any more. Never rejects. */
  sleep(milliseconds: number): Promise<void>;
}

/** The work that a conductor hands out. Activities on Temporal; plain calls in the local engine. */
export interface Steps extends ShardSteps {
  planRound(reference: StudyReference, round: number): Promise<RoundPlan>;
  analyze(reference: StudyReference): Promise<void>;
}
