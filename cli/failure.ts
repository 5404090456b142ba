import { EXIT, type ExitCode } from './exit-codes.js';

/** Something that the person at the terminal can mend: the message says what, where and how. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.failed,
  ) {
    super(message);
    this.name = 'Failure';
  }
}

/** What to print of any error: its message, or all of it when the person asked for that. */
export function describeError(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (verbose) return error.stack ?? error.message;
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
