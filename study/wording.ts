import type { z } from 'zod';
import { type Finding, type Path } from './problems.js';
import { fitLimitSchema, gridSchema, locateSchema, solverSchema, studySchema } from './schema.js';
import { AXIS_NAMES } from './study.js';
import { suggestion } from './suggestion.js';

type Issue = z.core.$ZodIssue;

const STUDY_KEYS = Object.keys(studySchema.shape);
const GRID_KEYS = Object.keys(gridSchema.shape);
const RANGE_KEYS = ['from', 'to', 'step', 'points', 'scale'];
/** The keys of the mappings of a study file, by the key under which they stand. */
const KEYS_UNDER: Readonly<Record<string, readonly string[]>> = {
  grids: GRID_KEYS,
  defaults: AXIS_NAMES,
  exclude: AXIS_NAMES,
  locate: Object.keys(locateSchema.shape),
  fitLimit: Object.keys(fitLimitSchema.shape),
  solver: Object.keys(solverSchema.shape),
  longTail: ['largest', 'ratio'],
  normBounds: ['w', 'h'],
  classWeights: ['exponent'],
  margins: ['largest', 'exponent'],
  logitScales: ['exponent'],
  featurePenalties: ['exponent'],
};

/** The keys that a kind of text has. */
export interface Vocabulary {
  /** Those of the mapping at a path. */
  keysAt(path: Path): readonly string[];
  /** The key that an unknown one was probably meant to be; null for none. */
  intendedKey(path: Path, key: string): string | null;
  /** Where a key belongs that stands in the wrong place; null for nowhere. */
  placeOf(path: Path, key: string): string | null;
}

const STUDY_FILE: Vocabulary = { keysAt, intendedKey, placeOf };

/** What the schema found, in the words of a study file. The issues must carry their inputs (`reportInput`). */
export function findingsOf(
  issues: readonly Issue[],
  vocabulary = STUDY_FILE,
  parent: Path = [],
): Finding[] {
  return issues.flatMap((issue) => {
    const path = [
      ...parent,
      ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    ];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey(vocabulary, path, key));
    }
    if (issue.code === 'invalid_union') return unionFindings(issue, vocabulary, path);
    if (issue.code !== 'custom' && issue.input === undefined) {
      return [
        { code: 'missing-key', path, message: `is missing; it ${requirement(issue)}`, at: 'key' },
      ];
    }
    return [{ code: 'invalid-value', path, message: mismatch(issue), at: 'value' }];
  });
}

/** The key that an unknown key was probably meant to be. */
export function intendedKey(path: Path, key: string): string | null {
  return suggestion(key, keysAt(path));
}

/** Of the variants that a value can have, the one that it comes closest to tells what is wrong. */
function unionFindings(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  vocabulary: Vocabulary,
  path: Path,
): Finding[] {
  const [closest] = issue.errors
    .filter((issues) => !issues.some((variant) => isOtherKind(variant)))
    .sort((left, right) => wrongTypes(left) - wrongTypes(right) || left.length - right.length);
  if (closest !== undefined) return findingsOf(closest, vocabulary, path);
  return [{ code: 'invalid-value', path, message: mismatch(issue), at: 'value' }];
}

/** A number where a list should be, a word where a number should be: this variant was not meant. */
function isOtherKind(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_value') return typeof issue.input !== 'string';
  if (issue.code === 'invalid_union')
    return issue.errors.every((issues) => issues.some(isOtherKind));
  return (
    issue.code === 'invalid_type' && !(issue.expected === 'int' && typeof issue.input === 'number')
  );
}

function wrongTypes(issues: readonly Issue[]): number {
  return issues.filter(({ code }) => code === 'invalid_type').length;
}

function unknownKey(vocabulary: Vocabulary, path: Path, key: string): Finding {
  const intended = vocabulary.intendedKey(path, key);
  const message =
    intended === null
      ? (vocabulary.placeOf(path, key) ?? `allowed are ${listed(vocabulary.keysAt(path))}`)
      : `did you mean \`${intended}\`?`;
  return {
    code: 'unknown-key',
    path: [...path, key],
    message: `unknown key; ${message}`,
    at: 'key',
  };
}

function placeOf(path: Path, key: string): string | null {
  if (path.length === 0 && (AXIS_NAMES as readonly string[]).includes(key)) {
    return 'it belongs in `defaults` or in a grid';
  }
  if (path.length > 0 && STUDY_KEYS.includes(key)) return 'it belongs at the top of the file';
  return GRID_KEYS.includes(key) ? 'it belongs in a grid' : null;
}

function keysAt(path: Path): readonly string[] {
  const parent = path.findLast((part) => typeof part === 'string');
  return parent === undefined ? STUDY_KEYS : (KEYS_UNDER[parent] ?? RANGE_KEYS);
}

function mismatch(issue: Issue): string {
  if (issue.code === 'custom') return issue.message;
  const value = shown(issue.input);
  if (issue.code !== 'invalid_value' || typeof issue.input !== 'string') {
    return `${requirement(issue)}, not ${value}`;
  }
  const intended = suggestion(issue.input, issue.values.map(String));
  if (intended !== null) return `cannot be ${value}; did you mean \`${intended}\`?`;
  return `${requirement(issue)}, not ${value}`;
}

function requirement(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return issue.origin === 'array'
        ? `must have ${issue.minimum === 1 ? 'an entry' : `at least ${issue.minimum} entries`}`
        : `must be ${issue.inclusive === true ? 'at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'array'
        ? `must have at most ${issue.maximum} entries`
        : `must be ${issue.inclusive === true ? 'at most' : 'below'} ${issue.maximum}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${listed(issue.values.map(String))}`;
    default:
      return issue.message;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: '`true` or `false`',
  array: 'a list',
  tuple: 'a pair [classes, samples]',
  object: 'a mapping of keys to values',
};

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a mapping';
  // As YAML writes them; JSON has no such numbers.
  if (Number.isNaN(value)) return '.nan, which is no number';
  if (typeof value === 'number' && !Number.isFinite(value))
    return value > 0 ? 'infinity' : '-infinity';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function listed(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}
