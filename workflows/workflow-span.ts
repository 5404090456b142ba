import type { SerializableSpan } from '@temporalio/interceptors-opentelemetry/lib/workflow/definitions.js';
import {
  defaultPayloadConverter,
  proxySinks,
  type Headers,
  type Payload,
  type Sinks,
} from '@temporalio/workflow';

import { TRACE_HEADER } from './names.js';

/** The propagated context: `traceparent` is `00-<trace id>-<span id>-<flags>`, see www.w3.org/TR/trace-context. */
type Carrier = Readonly<Record<string, string>>;

/** With numbers where it has enumerations, which are of the libraries that are not to be loaded here. */
type SentSpan = Omit<SerializableSpan, 'kind' | 'status'> & {
  readonly kind: number;
  readonly status: { readonly code: number };
};

/** The sink of Temporal's interceptors. */
interface SpanSinks extends Sinks {
  readonly exporter: { export(spans: readonly SentSpan[]): void };
}

const INTERNAL = 0;
const UNSET = 0;
const ERROR = 2;
const SAMPLED = 1;

/**
 * A span of workflow code, made without OpenTelemetry's libraries, which would double the code that every worker loads
 * for its workflows. Ids and times are those of the workflow: the same again when it is replayed.
 */
export class WorkflowSpan {
  readonly #spanId = randomHex() + randomHex();
  readonly #start = Date.now();

  private constructor(
    readonly name: string,
    readonly carrier: Carrier,
    readonly parentId: string,
  ) {}

  /** @param payload of the header of what it is within */
  static within(payload: Payload, name: string): WorkflowSpan {
    const carrier = defaultPayloadConverter.fromPayload<Carrier>(payload);
    return new WorkflowSpan(name, carrier, partsOf(carrier).spanId);
  }

  child(name: string): WorkflowSpan {
    return new WorkflowSpan(name, this.carrier, this.#spanId);
  }

  /** The header of what is within this one. */
  get header(): Headers {
    const { traceId, flags } = partsOf(this.carrier);
    const traceparent = `00-${traceId}-${this.#spanId}-${flags}`;
    return {
      [TRACE_HEADER]: defaultPayloadConverter.toPayload({ ...this.carrier, traceparent }),
    };
  }

  /** Sends it, in case its trace is one of those that are kept. */
  end(error: unknown): void {
    const { traceId, flags } = partsOf(this.carrier);
    const traceFlags = Number.parseInt(flags, 16) & SAMPLED;
    if (traceFlags !== SAMPLED) return;
    const [startTime, endTime] = [time(this.#start), time(Date.now())];
    const { exporter } = proxySinks<SpanSinks>();
    exporter.export([
      {
        name: this.name,
        kind: INTERNAL,
        spanContext: { traceId, spanId: this.#spanId, traceFlags },
        parentSpanId: this.parentId,
        startTime,
        endTime,
        duration: time(Date.now() - this.#start),
        status: { code: error === null ? UNSET : ERROR },
        attributes: {},
        links: [],
        events: error === null ? [] : [exception(error, endTime)],
        ended: true,
        droppedAttributesCount: 0,
        droppedLinksCount: 0,
        droppedEventsCount: 0,
        instrumentationLibrary: { name: 'ufm-sweep' },
      },
    ]);
  }
}

function exception(
  error: unknown,
  time: SerializableSpan['endTime'],
): SerializableSpan['events'][number] {
  const name = error instanceof Error ? error.name : 'Error';
  return { name: 'exception', time, attributes: { 'exception.type': name } };
}

function partsOf(carrier: Carrier): { traceId: string; spanId: string; flags: string } {
  const [, traceId = '', spanId = '', flags = '00'] = (carrier['traceparent'] ?? '').split('-');
  return { traceId, spanId, flags };
}

/** Eight digits. */
function randomHex(): string {
  return Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}

/** Seconds and nanoseconds. */
function time(milliseconds: number): SerializableSpan['endTime'] {
  return [Math.floor(milliseconds / 1000), (milliseconds % 1000) * 1e6];
}
