/** Why a value that came from outside is not what it has to be, with where in it; null when it is. */
export type Shape = (value: unknown, path: string) => string | null;

/**
 * Shapes of what workflows and activities are called with: anybody who reaches the Temporal server can call them with
 * anything. No library, because workflow code loads this, and a schema library is larger than all of it.
 */

/** A whole number from 0 to `most`. */
export function countUpTo(most: number): Shape {
  return (value, path) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most
      ? null
      : `${path} has to be a whole number from 0 to ${most}, not ${shown(value)}`;
}

/** A text that matches all of the pattern. */
export function textOf(pattern: RegExp, what: string): Shape {
  return (value, path) =>
    typeof value === 'string' && pattern.test(value)
      ? null
      : `${path} has to be ${what}, not ${shown(value)}`;
}

export const FLAG: Shape = (value, path) =>
  typeof value === 'boolean' ? null : `${path} has to be true or false, not ${shown(value)}`;

/** The shape, or null. */
export function nullable(shape: Shape): Shape {
  return (value, path) => (value === null ? null : shape(value, path));
}

/** The shape, or nothing at all: what an early version of this program did not write. */
export function optional(shape: Shape): Shape {
  return (value, path) => (value === undefined ? null : shape(value, path));
}

/** An object with these fields. Others are let pass: a newer version may have written them. */
export function objectOf(fields: Readonly<Record<string, Shape>>): Shape {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return `${path} has to be an object, not ${shown(value)}`;
    }
    for (const [name, shape] of Object.entries(fields)) {
      const own = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
      const problem = shape(own, `${path}.${name}`);
      if (problem !== null) return problem;
    }
    return null;
  };
}

/** A list of at most so many of a shape. */
export function listOf(shape: Shape, most: number): Shape {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > most) {
      return `${path} has to be a list of at most ${most}, not ${shown(value)}`;
    }
    for (const [index, item] of value.entries()) {
      const problem = shape(item, `${path}[${index}]`);
      if (problem !== null) return problem;
    }
    return null;
  };
}

/** A value for a message: short, whatever it is. */
export function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60);
}
