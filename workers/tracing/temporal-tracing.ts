import {
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Context,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Headers } from '@temporalio/common';
import type { WorkflowInfo } from '@temporalio/workflow';
import { carrierOf, headerOf } from '../../workflows/trace-carrier.js';
import type { SentSpan } from '../../workflows/workflow-span.js';
import { asSpan } from './spans.js';
import type { Tracing } from './traced-process.js';
import { readableSpan } from './workflow-spans.js';

const propagator = new W3CTraceContextPropagator();

/**
 * Carries traces through Temporal: from a client that starts a study to its workflow, and on to the activities. Of the
 * calls of a client only starting is a span: `run` asks for the progress four times a second. Names of spans and
 * attributes are those of Temporal's own interceptors.
 */
export function temporalTracing(
  processor: SpanProcessor,
  resource: Resource,
): Pick<Tracing, 'client' | 'worker'> {
  return {
    client: {
      interceptors: {
        workflow: [
          {
            signalWithStart: (input, next) =>
              asSpan(
                `SignalWithStartWorkflow:${input.workflowType}`,
                { temporalWorkflowId: input.options.workflowId },
                async (span) => {
                  const runId = await next({ ...input, headers: withTrace(input.headers) });
                  span.setAttribute('run_id', runId);
                  return runId;
                },
              ),
          },
        ],
      },
    },
    worker: {
      interceptors: {
        activity: [
          ({ info }) => ({
            inbound: {
              execute(input, next) {
                const within = contextOf(input.headers);
                // Of a study that was started without a trace, none is in that of the study that this process runs.
                if (within === null) return context.with(ROOT_CONTEXT, next, undefined, input);
                const attributes = {
                  temporalActivityId: info.activityId,
                  temporalWorkflowId: info.workflowExecution?.workflowId ?? '',
                  run_id: info.workflowExecution?.runId ?? '',
                };
                const name = `RunActivity:${info.activityType}`;
                return asSpan(name, attributes, () => next(input), within);
              },
            },
          }),
        ],
      },
      sinks: {
        exporter: {
          export: {
            fn: (workflow: WorkflowInfo, span: SentSpan) => {
              processor.onEnd(readableSpan(span, workflow, resource));
            },
          },
        },
      },
    },
  };
}

/** Headers with the span under way. */
function withTrace(headers: Headers): Headers {
  const carrier = { traceparent: '' };
  propagator.inject(context.active(), carrier, defaultTextMapSetter);
  return { ...headers, ...headerOf(carrier) };
}

/** The context of the span that headers tell of; null when they tell of none. */
function contextOf(headers: Headers): Context | null {
  const carrier = carrierOf(headers);
  return carrier === null ? null : propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
}
