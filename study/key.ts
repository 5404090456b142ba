import { hash } from 'node:crypto';
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

/**
 * JSON with sorted keys and no spaces. Numbers are ECMAScript's shortest text that reads back as the same float64.
 * Written by hand because a million points pass through here, and `JSON.stringify` with a replacer takes four times
 * as long.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const record = value as Readonly<Record<string, unknown>>;
  let fields = '';
  for (const name of Object.keys(record).sort()) {
    fields += `${fields === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(record[name])}`;
  }
  return `{${fields}}`;
}

function sha256(text: string): string {
  return hash('sha256', text);
}
