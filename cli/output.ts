import pc from 'picocolors';

/** Results go to stdout, everything that is said about the work goes to stderr. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The one document of a command under `--json`. */
export function printJson(document: unknown): void {
  print(JSON.stringify(document, null, 2));
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function warn(text: string): void {
  note(`${pc.yellow('warning')}: ${text}`);
}

/** A reader that closes the pipe early (`| head`) has what it wanted. */
export function endQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
