import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { traceWith, type EndedSpan, type Tracer } from '../../activities/span.js';
import { pause } from '../pause.js';
import { asSpan, fail, tracer } from './spans.js';
import { temporalTracing } from './temporal-tracing.js';
import type { TracedProcess, Tracing } from './traced-process.js';
import { WatchedExporter } from './watched-exporter.js';

/**
 * A batch that is not received within these milliseconds is given up, unless OpenTelemetry's own variable says
 * otherwise, whose default of ten seconds is long for a command that has nothing else to do any more.
 */
const SEND_WITHIN_MS = 3_000;

/** The end of a process does not wait longer, whatever hangs; that leaves a drained pod its grace. */
const END_WITHIN_MS = 10_000;

const TIMEOUTS = ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', 'OTEL_EXPORTER_OTLP_TIMEOUT'];

/**
 * Starts OpenTelemetry for this process: spans go by OTLP (HTTP, protobuf) to where its variables say, in the
 * background, in batches, and are dropped rather than waited for when that is away.
 */
export function startTracing({ worker, onNotice }: TracedProcess): Tracing {
  const own = resourceFromAttributes({
    'service.name': 'ufm-sweep',
    'service.version': worker.codeVersion,
    'service.instance.id': worker.identity,
  });
  const resource = defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }));
  const timeoutIsSet = TIMEOUTS.some((name) => process.env[name]);
  const exporter = new WatchedExporter(
    new OTLPTraceExporter(timeoutIsSet ? {} : { timeoutMillis: SEND_WITHIN_MS }),
  );
  const processor = new BatchSpanProcessor(exporter);
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  traceWith(TRACER);
  return {
    ...temporalTracing(processor, resource),
    trace: asSpan,
    async end() {
      const over = new AbortController();
      await Promise.race([
        provider.shutdown().catch(() => undefined),
        pause(END_WITHIN_MS, over.signal),
      ]);
      over.abort();
      if (exporter.lost !== null) onNotice(exporter.lost);
    },
  };
}

/** Spans within spans; work that no trace has asked for is done without. */
const TRACER: Tracer = {
  span: (name, attributes, work) =>
    trace.getActiveSpan() === undefined ? work() : asSpan(name, attributes, work),
  note(attributes) {
    trace.getActiveSpan()?.setAttributes(attributes);
  },
  replay({ spans, attributes }) {
    if (trace.getActiveSpan() === undefined) return;
    spans.forEach(tell);
    this.note(attributes);
  },
};

function tell({ name, start, end, attributes, error }: EndedSpan): void {
  const span = tracer().startSpan(name, { startTime: start, attributes }, context.active());
  if (error !== null) fail(span, error, end);
  span.end(end);
}
