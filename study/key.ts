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
  let items = '';
  if (Array.isArray(value)) {
    for (const item of value) items += `${items === '' ? '' : ','}${canonicalJson(item)}`;
    return `[${items}]`;
  }
  const record = value as Readonly<Record<string, unknown>>;
  for (const name of sortedNames(record)) {
    items += `${items === '' ? '' : ','}${quoted(name)}:${canonicalJson(record[name])}`;
  }
  return `{${items}}`;
}

/** Most records come with their names in order, which sorting them would take longer to find. */
function sortedNames(record: object): string[] {
  const names = Object.keys(record);
  return names.every((name, i) => i === 0 || names[i - 1]! < name) ? names : names.sort();
}

const QUOTED = new Map<string, string>();

/** A field's name as JSON: of the few names that there are, each is written once. */
function quoted(name: string): string {
  let text = QUOTED.get(name);
  if (text === undefined) {
    text = JSON.stringify(name);
    QUOTED.set(name, text);
  }
  return text;
}

function sha256(text: string): string {
  return hash('sha256', text);
}
