import type { RoundPlan, ShardOutcome, StudyReference } from '../study/orchestration.js';

/** What the workers of `ufm-control-<store>` do. */
export interface ControlActivities {
  /** @param again whether points that have failed are solved again */
  planRound(reference: StudyReference, round: number, again: boolean): Promise<RoundPlan>;
  analyze(reference: StudyReference): Promise<void>;
}

/** What the workers of `ufm-solve-<store>-v<numerical version>` do. */
export interface SolveActivities {
  solveShard(reference: StudyReference, plan: string, shard: number): Promise<ShardOutcome>;
}
