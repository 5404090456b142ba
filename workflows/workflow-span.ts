import { proxySinks, type Headers, type Sinks } from '@temporalio/workflow';
import { headerOf, type TraceCarrier } from './trace-carrier.js';

/** A span that is over, as it leaves the workflow. Times are whole milliseconds since 1970. */
export interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly traceFlags: number;
  readonly start: number;
  readonly end: number;
  /** The name of the error that ended it; null when nothing went wrong. */
  readonly error: string | null;
}

/** Where spans leave the workflow. */
export interface SpanSinks extends Sinks {
  readonly exporter: { export(span: SentSpan): void };
}

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
    readonly carrier: TraceCarrier,
    readonly parentId: string,
  ) {}

  /** @param carrier of what it is within */
  static within(carrier: TraceCarrier, name: string): WorkflowSpan {
    return new WorkflowSpan(name, carrier, partsOf(carrier).spanId);
  }

  child(name: string): WorkflowSpan {
    return new WorkflowSpan(name, this.carrier, this.#spanId);
  }

  /** The header of what is within this one. */
  get header(): Headers {
    const { traceId, flags } = partsOf(this.carrier);
    return headerOf({ ...this.carrier, traceparent: `00-${traceId}-${this.#spanId}-${flags}` });
  }

  /** Sends it, in case its trace is one of those that are kept. */
  end(error: unknown): void {
    const { traceId, flags } = partsOf(this.carrier);
    const traceFlags = Number.parseInt(flags, 16) & SAMPLED;
    if (traceFlags !== SAMPLED) return;
    proxySinks<SpanSinks>().exporter.export({
      name: this.name,
      traceId,
      spanId: this.#spanId,
      parentId: this.parentId,
      traceFlags,
      start: this.#start,
      end: Date.now(),
      error: error === null ? null : error instanceof Error ? error.name : 'Error',
    });
  }
}

function partsOf({ traceparent }: TraceCarrier): {
  traceId: string;
  spanId: string;
  flags: string;
} {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  return { traceId, spanId, flags };
}

/** Eight digits. */
function randomHex(): string {
  return Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}
