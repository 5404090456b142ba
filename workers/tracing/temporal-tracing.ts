import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
  type SerializableSpan,
} from '@temporalio/interceptors-opentelemetry';
import type { WorkflowInfo } from '@temporalio/workflow';
import { TRACE_HEADER } from '../../workflows/names.js';
import type { Tracing } from './traced-process.js';

/**
 * Carries traces through Temporal: from a client that starts a study to its workflow, and on to the activities. Of the
 * calls of a client only starting is a span: `run` asks for the progress four times a second.
 */
export function temporalTracing(
  processor: SpanProcessor,
  resource: Resource,
): Pick<Tracing, 'client' | 'worker'> {
  const starts = new OpenTelemetryWorkflowClientInterceptor();
  const sink = makeWorkflowExporter(processor, resource).export;
  return {
    client: {
      interceptors: {
        workflow: [{ signalWithStart: (input, next) => starts.signalWithStart(input, next) }],
      },
    },
    worker: {
      interceptors: {
        activity: [
          (activity) => {
            const runs = new OpenTelemetryActivityInboundInterceptor(activity);
            return {
              inbound: {
                // Of a study that was started without a trace, none is in that of the study that this process runs.
                execute: (input, next) =>
                  TRACE_HEADER in input.headers
                    ? runs.execute(input, next)
                    : context.with(ROOT_CONTEXT, next, undefined, input),
              },
            };
          },
        ],
      },
      sinks: {
        exporter: {
          export: {
            // The whole of it would have the memo in it, the search attributes and the last failure.
            fn: ({ workflowId, runId, workflowType }: WorkflowInfo, spans: SerializableSpan[]) =>
              sink.fn({ workflowId, runId, workflowType } as WorkflowInfo, spans),
          },
        },
      },
    },
  };
}
