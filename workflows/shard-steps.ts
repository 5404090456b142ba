import { TimeoutType } from '@temporalio/common';
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  proxyActivities,
  sleep,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { INFRASTRUCTURE } from '../study/failures.js';
import type { ShardSteps, StudyReference } from '../study/orchestration.js';
import type { SolveActivities } from './activities.js';
import { shardQueue } from './names.js';
import { SOLVE_OPTIONS } from './policies.js';

/** Where the shards of a study are solved. */
export interface ShardPlace {
  readonly reference: StudyReference;
  /** Task queue of the shards as people name it; see `StudyInput`. */
  readonly queue: string;
}

/**
 * What a study and its segments do with shards.
 *
 * @param show is called before each shard is handed out
 */
export function shardSteps({ queue, reference }: ShardPlace, show: () => void): ShardSteps {
  return {
    solveShard(_, plan, shard) {
      show();
      const { numericalVersion } = plan;
      // The solvers of the version that has planned; of any version where that is not known.
      const taskQueue =
        numericalVersion === undefined ? queue : shardQueue(queue, numericalVersion, reference);
      const solvers = proxyActivities<SolveActivities>({ ...SOLVE_OPTIONS, taskQueue });
      return solvers.solveShard(reference, plan.plan, shard);
    },
    reasonOf(error) {
      const reason = causeOf(error);
      return reason instanceof Error ? reason.message : String(reason);
    },
    classOf(error) {
      const cause = causeOf(error);
      if (cause instanceof ApplicationFailure && cause.type === INFRASTRUCTURE) {
        return 'infrastructure';
      }
      const isLost = cause instanceof TimeoutFailure && cause.timeoutType === TimeoutType.HEARTBEAT;
      return isLost ? 'worker lost' : 'shard';
    },
    // Who is cancelled wakes up by that, not by a timer that rejects.
    sleep: (milliseconds) => CancellationScope.nonCancellable(() => sleep(milliseconds)),
  };
}

/** The failure of an activity says of itself no more than that it is one. */
function causeOf(error: unknown): unknown {
  return error instanceof ActivityFailure ? error.cause : error;
}

/** Whether this run should come to an end, so that another history or another version of the workers goes on. */
export function isCheckpointDue(): boolean {
  return workflowInfo().continueAsNewSuggested || hasNewVersion();
}

/** Whether the deployment that this run is pinned to has a new version. */
export function hasNewVersion(): boolean {
  return workflowInfo().targetWorkerDeploymentVersionChanged;
}
