import { placesIn } from '../study/canonical.js';
import { instanceProblem } from '../study/instance-problem.js';
import type { Instance } from '../study/instance.js';
import { formatPath, type Finding } from '../study/problems.js';
import { suggestion } from '../study/suggestion.js';
import { findingsOf, type Vocabulary } from '../study/wording.js';
import { membersOf, type Member } from './json-members.js';
import { LONGEST_LINE, type Line } from './lines.js';
import { lineSchema, requestedInstance, type LineDefaults } from './requested-instance.js';

/** How many mistakes of a line are told. */
const MOST_TOLD = 5;

const KEYS = Object.keys(lineSchema.shape);
/** What study files and papers call some of them. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  d: 'feature_dim',
  featureDimension: 'feature_dim',
  feature_dimension: 'feature_dim',
  solverKind: 'solver',
  solver_kind: 'solver',
};
const VOCABULARY: Vocabulary = {
  keysAt: () => KEYS,
  intendedKey: (_, key) =>
    Object.hasOwn(OTHER_NAMES, key) ? OTHER_NAMES[key]! : suggestion(key, KEYS),
  placeOf: () => null,
};

/** An instance that was asked for on a line, whose clusters may have been written in another order, and in pieces. */
export interface InstanceRequest {
  /** JSON as it was written; undefined where there is none. */
  readonly id: string | undefined;
  readonly clusters: readonly WrittenCluster[];
  readonly instance: Instance;
}

/** A cluster as it was written. */
export interface WrittenCluster {
  readonly classes: number;
  /** The index of the cluster of the instance that holds it. */
  readonly place: number;
}

/** A line that is no instance. */
export interface RefusedLine {
  /** JSON as it was written, so that the answer can still be matched; undefined where there is none. */
  readonly id: string | undefined;
  /** Where and why, and what to do. */
  readonly message: string;
}

export type ParsedLine =
  { readonly ok: true; readonly request: InstanceRequest } | ({ readonly ok: false } & RefusedLine);

/** Reads one line. What is wrong with it is a value, not an exception, and told all at once. */
export function parseInstanceLine({ number, text }: Line, defaults: LineDefaults): ParsedLine {
  const refused = (message: string, id?: string): ParsedLine => {
    return { ok: false, id, message: `line ${number}${message}` };
  };
  if (text === null) {
    return refused(`: has more than ${LONGEST_LINE} characters; an instance has a few hundred`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refused(`: not JSON: ${(error as Error).message}${hint(text)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused(': no instance: it must be an object, such as {"clusters": [[5, 500], [5, 100]], "lambda": 0.003}'); // prettier-ignore
  }
  const members = membersOf(text);
  const idAt = members.findLast(({ key }) => key === 'id');
  const id = idAt && text.slice(idAt.valueAt, idAt.valueEnd);

  const { data: wanted } = lineSchema.safeParse(value);
  const repeated = repeatedKeys(members);
  if (wanted === undefined || repeated.length > 0) {
    const { error } = lineSchema.safeParse(value, { reportInput: true });
    const findings = [...repeated, ...findingsOf(error?.issues ?? [], VOCABULARY)];
    // A slip in a name is one mistake, not a second one about what seems to be missing.
    const isSlip = findings.some(({ code }) => code === 'unknown-key');
    const told = isSlip ? findings.filter(({ path }) => path.length > 0) : findings;
    return refused(`, ${toldOf(told, members)}`, id);
  }
  const asked = requestedInstance(wanted, defaults);
  if ('finding' in asked) return refused(`, ${toldOf([asked.finding], members)}`, id);
  const { stated, instance } = asked;
  const problem = instanceProblem(instance);
  if (problem !== null) return refused(`: ${problem}`, id);
  const places = placesIn(instance, stated);
  const clusters = stated.clusters.map(([classes], j) => ({ classes, place: places[j]! }));
  return { ok: true, request: { id, clusters, instance } };
}

function repeatedKeys(members: readonly Member[]): Finding[] {
  const seen = new Set<string>();
  return members.flatMap(({ key }): Finding[] => {
    const isRepeated = seen.has(key);
    seen.add(key);
    if (!isRepeated) return [];
    const message = 'stands on this line already; keep one of the two';
    return [{ code: 'duplicate-key', path: [key], message, at: 'key' }];
  });
}

/** `column 7: lambda: must be above 0, not -1; column 21: ...; and 143 more`. */
function toldOf(findings: readonly Finding[], members: readonly Member[]): string {
  const told = findings.slice(0, MOST_TOLD).map(({ path, message, at }) => {
    const member = members.findLast(({ key }) => key === path[0]);
    const offset = at === 'key' || path.length === 0 ? member?.keyAt : member?.valueAt;
    const named = path.length === 0 ? message : `${formatPath(path)}: ${message}`;
    return `column ${(offset ?? 0) + 1}: ${named}`;
  });
  const more = findings.length - told.length;
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** What other writers of JSON write. */
function hint(text: string): string {
  return /\b(NaN|Infinity)\b/.test(text) ? '; JSON has neither NaN nor Infinity: write null' : '';
}
