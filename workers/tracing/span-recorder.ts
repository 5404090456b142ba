import { threadId } from 'node:worker_threads';
import {
  errorType,
  traceWith,
  type Attributes,
  type EndedSpan,
  type Recording,
  type Tracer,
} from '../../activities/span.js';

/** The result of a thread's task, with what was recorded on the way. */
export interface Recorded<Result> {
  readonly result: Result;
  readonly recording: Recording;
}

/**
 * Keeps the spans of a thread that does one thing after the other, until the thread that it works for asks for them:
 * a tracer of its own would cost each of them memory and a connection. What is a span within another here is beside it there.
 */
export class SpanRecorder implements Tracer {
  #spans: EndedSpan[] = [];
  #attributes: Attributes = {};

  /** Records from now on where that is wanted. */
  static start(traced: boolean): SpanRecorder {
    const recorder = new SpanRecorder();
    if (traced) traceWith(recorder);
    return recorder;
  }

  async span<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
    const outer = this.#attributes;
    this.#attributes = { ...attributes, 'thread.id': threadId };
    const start = Date.now();
    const started = performance.now();
    let error: string | null = null;
    try {
      return await work();
    } catch (thrown) {
      error = errorType(thrown);
      throw thrown;
    } finally {
      const end = start + (performance.now() - started);
      this.#spans.push({ name, start, end, attributes: this.#attributes, error });
      this.#attributes = outer;
    }
  }

  note(attributes: Attributes): void {
    this.#attributes = { ...this.#attributes, ...attributes };
  }

  replay({ spans, attributes }: Recording): void {
    this.#spans.push(...spans);
    this.note(attributes);
  }

  /** Does a task of the thread, and hands over what was recorded of it. */
  async record<Result>(task: () => Promise<Result>): Promise<Recorded<Result>> {
    this.#spans = [];
    this.#attributes = {};
    const result = await task();
    return { result, recording: { spans: this.#spans, attributes: this.#attributes } };
  }
}
