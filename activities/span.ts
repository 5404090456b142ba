/** What a span says of its work: names, counts and sizes, and nothing else of a study. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A span that is over. Times are milliseconds since 1970, with fractions. */
export interface EndedSpan {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly attributes: Attributes;
  /** `errorType` of what ended it; null when nothing went wrong. */
  readonly error: string | null;
}

/** What another thread has to tell: its spans, and attributes for the span that waits for it. */
export interface Recording {
  readonly spans: readonly EndedSpan[];
  readonly attributes: Attributes;
}

/** Where the spans of this thread go. */
export interface Tracer {
  span<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T>;
  note(attributes: Attributes): void;
  replay(recording: Recording): void;
}

const UNTRACED: Tracer = {
  span: (_name, _attributes, work) => work(),
  note: () => undefined,
  replay: () => undefined,
};

let tracer = UNTRACED;

/** Sends the spans of this thread somewhere, from now on. Until then there are none, at no cost. */
export function traceWith(chosen: Tracer): void {
  tracer = chosen;
}

/** Whether the spans of this thread go anywhere. */
export function isTraced(): boolean {
  return tracer !== UNTRACED;
}

/** Does some work as a span within the one under way. */
export function span<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return tracer.span(name, attributes, work);
}

/**
 * What a span says of an error: its code or its name. Never its message, which may hold what a study or its store is
 * about, and what an encrypted history hides.
 */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  const { code } = error as NodeJS.ErrnoException;
  return code ?? error.name;
}

/** Adds to the span under way. */
export function note(attributes: Attributes): void {
  tracer.note(attributes);
}

/** Tells what another thread has recorded, within the span under way. */
export function replay(recording: Recording): void {
  tracer.replay(recording);
}
