import pc from 'picocolors';
import { printable, printableLine } from './printable.js';

/** Results go to stdout, everything that is said about the work goes to stderr; nothing of it commands a terminal. */
export function print(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}

/** The one document of a command under `--json`. */
export function printJson(document: unknown): void {
  print(JSON.stringify(document, null, 2));
}

export function note(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

/** A warning is a line, whatever the names in it hold. */
export function warn(text: string): void {
  process.stderr.write(`${pc.yellow('warning')}: ${printableLine(text)}\n`);
}
