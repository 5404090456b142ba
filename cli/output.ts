import { printable, printableLine } from './printable.js';
import { coloursOf } from './terminal.js';

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
  process.stderr.write(`${coloursOf(process.stderr).yellow('warning')}: ${printableLine(text)}\n`);
}

/** How Commander prints: its messages repeat what was typed. */
export const THROUGH_THE_DOOR = {
  writeOut: (text: string): boolean => process.stdout.write(printable(text)),
  writeErr: (text: string): boolean => process.stderr.write(printable(text)),
};
