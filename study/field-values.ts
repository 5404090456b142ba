/** How much of a value is shown of it. */
const SHOWN_CHARACTERS = 60;

export function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && isBetween(value, least, most);
}

export function isBetween(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}

/**
 * What is wrong with a field that does not have the shape.
 *
 * @param shape what it must be
 */
export function told(name: string, value: unknown, shape: string): string {
  const written = JSON.stringify(value) as string | undefined;
  const shown = written === undefined ? 'missing' : cut(written);
  return `${name} is ${shown}; it must be ${shape}`;
}

function cut(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}...`;
}
