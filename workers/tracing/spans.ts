import {
  context,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { errorType, type Attributes } from '../../activities/span.js';

/** The tracer of this process; one that does nothing until a provider is set. */
export const tracer = (): Tracer => trace.getTracer('ufm-sweep');

/**
 * Does some work as a span within the one under way, or within that of another context.
 *
 * @param work is given the span, to add to it
 */
export async function asSpan<T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
  within: Context = context.active(),
): Promise<T> {
  return tracer().startActiveSpan(name, { attributes }, within, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      fail(span, errorType(error), Date.now());
      throw error;
    } finally {
      span.end();
    }
  });
}

/**
 * Marks a span as failed, by the kind of error alone: messages and stacks may hold what a study or its store is about,
 * and what an encrypted history hides.
 *
 * @param time milliseconds since 1970
 */
export function fail(span: Span, type: string, time: number): void {
  span.recordException({ name: type }, time);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
