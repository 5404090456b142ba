/** What an activity hears from whoever runs it, and tells: the same for a Temporal worker and the local engine. */
export interface Surroundings {
  /** Aborted when the result is wanted no more; the activity then rejects within seconds. */
  readonly signal: AbortSignal;
  /** Which try this is, from 1. */
  readonly attempt: number;
  /** How much of the work is done. Sent with the next heartbeat, and shown to people. */
  report(progress: { readonly done: number; readonly of: number }): void;
}

/** The process that an activity runs in, for the rows that it writes. */
export interface Worker {
  /** E.g. `<pid>@<host>`. */
  readonly identity: string;
  readonly codeVersion: string;
}
