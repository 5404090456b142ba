import {
  CancellationScope,
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import { windowProblem } from '../study/conductor-state.js';
import { Conductor } from '../study/conductor.js';
import type { Progress, Steps } from '../study/orchestration.js';
import type { SegmentReport } from '../study/segment-report.js';
import { REPORT, WORKFLOW_ID } from '../study/segment-shape.js';
import type { ControlActivities } from './activities.js';
import {
  pausedSignal,
  progressQuery,
  reportSignal,
  segmentsQuery,
  windowUpdate,
  type StudyInput,
} from './messages.js';
import { controlQueue } from './names.js';
import { CONTROL_OPTIONS } from './policies.js';
import { ChildSegments } from './segment-runners.js';
import { isCheckpointDue, shardSteps } from './shard-steps.js';
import { requireStudyInput } from './study-input.js';
import { Visibility } from './visibility.js';

// Otherwise a run would be pinned to the version of the one before it, for ever.
const continueOnCurrentVersion = makeContinueAsNewFunc<typeof study>({
  initialVersioningBehavior: 'AUTO_UPGRADE',
});

/**
 * Runs a study to its end, whatever happens to the processes that do the work, and returns its final progress.
 * Continues as new when the server suggests it, or when the deployment that this run is pinned to has a new version. In the
 * former case the shards that are left of the round go to a segment, a workflow of its own, slot by slot, so that no slot
 * waits for a shard that takes long. Cancelling the study cancels what is in flight, in segments as well; what has landed
 * stays.
 *
 * @throws ApplicationFailure when the input is none
 */
export async function study(given: StudyInput): Promise<Progress> {
  const input = requireStudyInput(given);
  const visibility = new Visibility(input.searchable);
  const segments = new ChildSegments(input, (id) => {
    conductor.lost(id);
  });
  const conductor: Conductor = new Conductor(
    input.reference,
    stepsOf(input, () => {
      visibility.show(conductor.progress);
    }),
    isCheckpointDue,
    input.state,
    segments,
  );
  setHandler(progressQuery, () => conductor.progress);
  setHandler(segmentsQuery, () => conductor.state.segments);
  setHandler(reportSignal, (id: unknown, report: unknown) => {
    if (WORKFLOW_ID(id, 'id') !== null || REPORT(report, 'report') !== null) return;
    conductor.heard(id as string, report as SegmentReport);
    visibility.show(conductor.progress);
  });
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
      await segments.settled();
      return continueOnCurrentVersion({ ...input, state: conductor.state });
    case 'cancelled':
      return cancelRequested;
  }
}

/** The activities, each after showing how far the study is. */
function stepsOf(input: StudyInput, show: () => void): Steps {
  const taskQueue = controlQueue(input.reference);
  const control = proxyActivities<ControlActivities>({ ...CONTROL_OPTIONS, taskQueue });
  return {
    ...shardSteps(input, show),
    planRound(reference, round) {
      show();
      return control.planRound(reference, round, input.again);
    },
    analyze(reference) {
      show();
      return control.analyze(reference);
    },
  };
}
