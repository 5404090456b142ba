import { axisValues } from './axis-input.js';
import { AXES } from './axes.js';
import type { Path } from './problems.js';
import { axesSchema } from './schema.js';
import { AXIS_NAMES, type AxisName, type AxisValue } from './study.js';
import { intendedKey } from './wording.js';

/** What one name of a mapping says. */
export interface Setting {
  readonly path: Path;
  /** Null when what is written is not valid; the schema has said so. */
  readonly values: readonly AxisValue[] | null;
}

/** The names that a mapping gives, in the order in which they are written. */
export type Settings = ReadonlyMap<AxisName, Setting>;

/**
 * Reads the axes of a mapping, each by itself, so that one mistake does not hide others. A misspelt name counts as
 * the name that it resembles: a slip is one problem, not a second one about what seems to be missing.
 */
export function readSettings(mapping: unknown, path: Path): Settings {
  const settings = new Map<AxisName, Setting>();
  for (const [key, input] of Object.entries(asMapping(mapping))) {
    if (isAxisName(key)) {
      const parsed = axesSchema.shape[key].safeParse(input);
      const values =
        parsed.success && parsed.data !== undefined ? axisValues(AXES[key], parsed.data) : null;
      settings.set(key, { path: [...path, key], values });
      continue;
    }
    const intended = intendedKey(path, key);
    if (intended !== null && isAxisName(intended) && !settings.has(intended)) {
      settings.set(intended, { path: [...path, key], values: null });
    }
  }
  return settings;
}

/** The entries of a mapping; none of anything else. */
export function asMapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function isAxisName(key: string): key is AxisName {
  return (AXIS_NAMES as readonly string[]).includes(key);
}
