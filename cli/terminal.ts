import pc from 'picocolors';
import { printableLine } from './printable.js';

/** Whether a stream is a terminal that understands commands: a dumb one would show them. */
export function obeysCommands(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true && process.env['TERM'] !== 'dumb';
}

/** Colours for a stream; none where they would be read as text. */
export function coloursOf(stream: {
  readonly isTTY?: boolean;
}): ReturnType<typeof pc.createColors> {
  return pc.createColors(pc.isColorSupported && obeysCommands(stream));
}

/** The values of a template that a terminal is to show in a line, each without anything that it would obey. */
export function shownValues<Values extends Readonly<Record<string, string | number>>>(
  values: Values,
): Record<keyof Values, string> {
  const shown = Object.entries(values).map(([name, value]) => [name, printableLine(String(value))]);
  return Object.fromEntries(shown) as Record<keyof Values, string>;
}
