import { createHash } from 'node:crypto';
import type { Instance } from './instance.js';
import type { Study } from './study.js';

/**
 * The name of a point in every store: SHA-256, in hex, of the canonical instance and the numerical version of the
 * solvers. Equal instances are computed once; a change of the numerics makes old rows stale, not wrong.
 */
export function pointKey(instance: Instance, numericalVersion: number): string {
  return sha256(canonicalJson({ numericalVersion, instance }));
}

/** A study's version: 16 hex digits of what it says, the same however its file is written. */
export function specHash(study: Study): string {
  return sha256(canonicalJson(study)).slice(0, 16);
}

/** JSON with sorted keys and no spaces. Numbers are ECMAScript's shortest text that reads back as the same float64. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
