import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';

type OnExported = Parameters<SpanExporter['export']>[1];

/** Passes spans on, and remembers whether they were received. */
export class WatchedExporter implements SpanExporter {
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
    this.#inner.export(spans, (result) => {
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
