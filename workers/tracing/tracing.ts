import type { Attributes } from '../../activities/span.js';
import type { TracedProcess, Tracing } from './traced-process.js';

/** A trace of its own, as which a command does its work. */
export interface TracedCommand {
  readonly name: string;
  readonly attributes: Attributes;
}

/** A workflow that another process has begun to trace calls this, whether or not this one traces. */
const NO_SPANS = { exporter: { export: { fn: () => undefined } } };

const UNTRACED: Pick<Tracing, 'client' | 'worker'> = { client: {}, worker: { sinks: NO_SPANS } };

let current = UNTRACED;

/**
 * Does the work of a process, traced if OpenTelemetry's variables ask for that. Its libraries are loaded only then.
 *
 * @param command null for a process that only takes part in the traces of others
 */
export async function withTracing<T>(
  traced: TracedProcess,
  command: TracedCommand | null,
  work: () => Promise<T>,
): Promise<T> {
  if (!tracesWanted(process.env, traced.onNotice)) return work();
  const { startTracing } = await import('./opentelemetry.js');
  const tracing = startTracing(traced);
  current = tracing;
  try {
    return await (command === null
      ? work()
      : tracing.trace(command.name, command.attributes, work));
  } finally {
    await tracing.end();
  }
}

/** What a client of Temporal needs to take part in traces. */
export function clientTracing(): Tracing['client'] {
  return current.client;
}

/** The same for a worker. */
export function workerTracing(): Tracing['worker'] {
  return current.worker;
}

/** Whether OpenTelemetry's own variables ask for traces, which are off unless they say where to. */
export function tracesWanted(
  environment: NodeJS.ProcessEnv,
  onNotice: (line: string) => void,
): boolean {
  const value = (name: string): string => environment[name]?.trim() ?? '';
  if (value('OTEL_SDK_DISABLED').toLowerCase() === 'true') return false;
  const exporter = value('OTEL_TRACES_EXPORTER');
  if (exporter !== '' && exporter !== 'otlp') {
    if (exporter !== 'none') {
      onNotice(
        `OTEL_TRACES_EXPORTER=${exporter} is not known here, so nothing is traced: otlp is.`,
      );
    }
    return false;
  }
  const endpoints = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
  return exporter === 'otlp' || endpoints.some((name) => value(name) !== '');
}
