import {
  ContinueAsNew,
  workflowInfo,
  type Headers,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';
import { carrierOf, headerOf } from './trace-carrier.js';
import { WorkflowSpan } from './workflow-span.js';

/**
 * Spans of a workflow that was started within a trace, and of the activities that it starts. Queries and signals, which
 * come by the second, are none. The promises are watched and handed on as they are: what a workflow does, and in which
 * order, is the same with a trace and without, so that its history replays on every worker.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let header: Headers = {};
  let run: WorkflowSpan | null = null;
  return {
    inbound: [
      {
        execute(input, next) {
          const carrier = carrierOf(input.headers);
          if (carrier === null) return next(input);
          header = headerOf(carrier);
          run = WorkflowSpan.within(carrier, `RunWorkflow:${workflowInfo().workflowType}`);
          return watched(run, next(input));
        },
      },
    ],
    outbound: [
      {
        scheduleActivity(input, next) {
          if (run === null) return next(input);
          const span = run.child(`StartActivity:${input.activityType}`);
          return watched(span, next({ ...input, headers: { ...input.headers, ...span.header } }));
        },
        startChildWorkflowExecution: (input, next) =>
          next({ ...input, headers: { ...input.headers, ...header } }),
        // The next run stands beside this one in the trace, and so do segments: they would make a staircase otherwise.
        continueAsNew: (input, next) =>
          next({ ...input, headers: { ...input.headers, ...header } }),
      },
    ],
  };
};

function watched<T>(span: WorkflowSpan, work: Promise<T>): Promise<T> {
  work.then(
    () => {
      span.end(null);
    },
    (error: unknown) => {
      span.end(error instanceof ContinueAsNew ? null : error);
    },
  );
  return work;
}
