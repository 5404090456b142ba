import { hash } from 'node:crypto';
import type { Instance } from './instance.js';
import type { Study } from './study.js';

/**
 * The name of a point in every store: SHA-256, in hex, of the canonical instance and the numerical version of the
 * solvers. Equal instances are computed once; a change of the numerics makes old rows stale, not wrong.
 */
export function pointKey(instance: Instance, numericalVersion: number): string {
  return keyOfJson(canonicalJson(instance), numericalVersion);
}

/** The same of an instance that is canonical JSON already. */
export function keyOfJson(instance: string, numericalVersion: number): string {
  return sha256(`{"instance":${instance},"numericalVersion":${numericalVersion}}`);
}

/** A study's version: 16 hex digits of what it says, the same however its file is written. */
export function specHash(study: Study): string {
  return sha256(canonicalJson(study)).slice(0, 16);
}

/**
 * JSON with sorted names and no spaces. Numbers are ECMAScript's shortest text that reads back as the same float64.
 * A million points pass through here, and what has its names in order already is written in a fifth of the time.
 */
export function canonicalJson(value: unknown): string {
  if (isOrdered(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  const record = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(record).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(record[name])}`).join()}}`;
}

/** Whether the names of every record in it stand in order. */
function isOrdered(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isOrdered);
  const record = value as Readonly<Record<string, unknown>>;
  let before = '';
  for (const name of Object.keys(record)) {
    if (name < before || !isOrdered(record[name])) return false;
    before = name;
  }
  return true;
}

function sha256(text: string): string {
  return hash('sha256', text);
}
