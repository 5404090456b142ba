import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';

type OnExported = Parameters<SpanExporter['export']>[1];

/**
 * Passes spans on without the messages and stacks of the errors in them, which Temporal's interceptors record: they may
 * hold what a study or its store is about, and what an encrypted history hides. Names of errors stay.
 */
export class DiscreetExporter implements SpanExporter {
  readonly #inner: SpanExporter;
  #lost: string | null = null;

  constructor(inner: SpanExporter) {
    this.#inner = inner;
  }

  /** A line on spans that could not be sent; null when all of them were. */
  get lost(): string | null {
    return this.#lost;
  }

  export(spans: ReadableSpan[], onExported: OnExported): void {
    this.#inner.export(spans.map(discreet), (result) => {
      if (result.error !== undefined) {
        const { code } = result.error as { code?: string | number };
        // Not its message, which may repeat the address, and with that a password.
        this.#lost ??= `Some traces were not received (${code ?? 'no answer'}): is there a collector at OTEL_EXPORTER_OTLP_ENDPOINT?`;
      }
      onExported(result);
    });
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.#inner.forceFlush?.();
  }
}

function discreet(span: ReadableSpan): ReadableSpan {
  const events = span.events.map((event) => ({
    ...event,
    attributes: Object.fromEntries(
      Object.entries(event.attributes ?? {}).filter(([name]) => name === 'exception.type'),
    ),
  }));
  return Object.create(span, {
    status: { value: { code: span.status.code } },
    events: { value: events },
  }) as ReadableSpan;
}
