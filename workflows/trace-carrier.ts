import { defaultPayloadConverter, type Headers, type Payload } from '@temporalio/common';
import { TRACE_HEADER } from './names.js';

/**
 * The propagated context of www.w3.org/TR/trace-context: `traceparent` is `00-<trace id>-<span id>-<flags>`, `tracestate`
 * what others along the way have to say.
 */
export interface TraceCarrier {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** More than the 512 characters that whoever passes it on has to keep, and far from what would bloat a history. */
const LONGEST_STATE = 2048;

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * What a header says of the trace that something is within; null without one, and with one that says nothing of a
 * trace: whoever may start a workflow may send any. What else is in it, such as baggage of any size, goes no further.
 */
export function carrierOf({ [TRACE_HEADER]: payload }: Headers): TraceCarrier | null {
  const carrier = payload === undefined ? null : valueOf(payload);
  if (typeof carrier !== 'object' || carrier === null) return null;
  const { traceparent, tracestate } = carrier as Readonly<Record<string, unknown>>;
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return null;
  return typeof tracestate === 'string' && tracestate.length <= LONGEST_STATE
    ? { traceparent, tracestate }
    : { traceparent };
}

/** The header that says that something is within a trace. */
export function headerOf(carrier: TraceCarrier): Headers {
  return { [TRACE_HEADER]: defaultPayloadConverter.toPayload(carrier) };
}

function valueOf(payload: Payload): unknown {
  try {
    return defaultPayloadConverter.fromPayload(payload);
  } catch {
    return null;
  }
}
