import {
  ActivityFailure,
  CancellationScope,
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { windowProblem } from '../study/conductor-state.js';
import { Conductor } from '../study/conductor.js';
import type { Progress, RoundPlan, Steps } from '../study/orchestration.js';
import type { ControlActivities, SolveActivities } from './activities.js';
import { pausedSignal, progressQuery, windowUpdate, type StudyInput } from './messages.js';
import { controlQueue, shardQueue } from './names.js';
import { CONTROL_OPTIONS, SOLVE_OPTIONS } from './policies.js';
import { requireStudyInput } from './study-input.js';
import { Visibility } from './visibility.js';

// Otherwise a run would be pinned to the version of the one before it, for ever.
const continueOnCurrentVersion = makeContinueAsNewFunc<typeof study>({
  initialVersioningBehavior: 'AUTO_UPGRADE',
});

/**
 * Runs a study to its end, whatever happens to the processes that do the work, and returns its final progress.
 * Continues as new when the server suggests it, or when the deployment that this run is pinned to has a new version.
 * Cancelling it cancels what is in flight; what has landed stays.
 *
 * @throws ApplicationFailure when the input is none
 */
export async function study(given: StudyInput): Promise<Progress> {
  const input = requireStudyInput(given);
  const visibility = new Visibility(input.searchable);
  const conductor: Conductor = new Conductor(
    input.reference,
    stepsOf(input, () => {
      visibility.show(conductor.progress);
    }),
    isCheckpointDue,
    input.state,
  );
  setHandler(progressQuery, () => conductor.progress);
  setHandler(pausedSignal, (paused: unknown) => {
    // Anything else is no word of this program's.
    if (paused === true) conductor.pause();
    else if (paused === false) conductor.resume();
  });
  setHandler(
    windowUpdate,
    (window) => {
      conductor.setWindow(window);
      return window;
    },
    {
      validator(window: number) {
        const problem = windowProblem(window);
        if (problem !== null) throw new RangeError(problem);
      },
    },
  );
  const { cancelRequested } = CancellationScope.current();
  cancelRequested.catch(() => {
    conductor.cancel();
  });

  switch (await conductor.conduct()) {
    case 'done':
      visibility.show(conductor.progress);
      return conductor.progress;
    case 'checkpoint':
      return continueOnCurrentVersion({ ...input, state: conductor.state });
    case 'cancelled':
      return cancelRequested;
  }
}

function isCheckpointDue(): boolean {
  const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged } = workflowInfo();
  return continueAsNewSuggested || targetWorkerDeploymentVersionChanged;
}

/** The activities, each after showing how far the study is. */
function stepsOf(input: StudyInput, show: () => void): Steps {
  const taskQueue = controlQueue(input.reference);
  const control = proxyActivities<ControlActivities>({ ...CONTROL_OPTIONS, taskQueue });
  return {
    planRound(reference, round) {
      show();
      return control.planRound(reference, round, input.again);
    },
    solveShard(reference, plan, shard) {
      show();
      return solversFor(plan, input).solveShard(reference, plan.plan, shard);
    },
    analyze(reference) {
      show();
      return control.analyze(reference);
    },
    reasonOf(error) {
      // The failure of an activity says of itself no more than that it is one.
      const reason = error instanceof ActivityFailure ? error.cause : error;
      return reason instanceof Error ? reason.message : String(reason);
    },
  };
}

/** The solvers of the version that has planned; of any version where that is not known. */
function solversFor(
  { numericalVersion }: RoundPlan,
  { queue, reference }: StudyInput,
): SolveActivities {
  const taskQueue =
    numericalVersion === undefined ? queue : shardQueue(queue, numericalVersion, reference);
  return proxyActivities<SolveActivities>({ ...SOLVE_OPTIONS, taskQueue });
}
