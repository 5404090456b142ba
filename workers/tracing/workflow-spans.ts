import { SpanKind, SpanStatusCode, type HrTime } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { WorkflowInfo } from '@temporalio/workflow';
import type { SentSpan } from '../../workflows/workflow-span.js';

/**
 * A span of a workflow as OpenTelemetry's SDK knows spans. Of the workflow it says ids and type: the whole of what is
 * known of it would have the memo in it, the search attributes and the last failure.
 */
export function readableSpan(
  { name, traceId, spanId, parentId, traceFlags, start, end, error }: SentSpan,
  { workflowId, runId, workflowType }: WorkflowInfo,
  resource: Resource,
): ReadableSpan {
  const endTime = time(end);
  const attributes = error === null ? {} : { 'exception.type': error };
  return {
    name,
    kind: SpanKind.INTERNAL,
    spanContext: () => ({ traceId, spanId, traceFlags }),
    parentSpanContext: { traceId, spanId: parentId, traceFlags },
    startTime: time(start),
    endTime,
    duration: time(end - start),
    status: { code: error === null ? SpanStatusCode.UNSET : SpanStatusCode.ERROR },
    attributes: { workflowId, runId, workflowType },
    links: [],
    events: error === null ? [] : [{ name: 'exception', time: endTime, attributes }],
    ended: true,
    resource,
    instrumentationScope: { name: 'ufm-sweep' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Seconds and nanoseconds. */
function time(milliseconds: number): HrTime {
  return [Math.floor(milliseconds / 1000), (milliseconds % 1000) * 1e6];
}
