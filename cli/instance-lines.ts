import { z } from 'zod';
import { AXES } from '../study/axes.js';
import { canonicalInstance } from '../study/canonical.js';
import { instanceProblem } from '../study/instance-problem.js';
import { classCount, type Cluster, type Form, type Instance } from '../study/instance.js';
import { LARGEST_CLASS_COUNT } from '../study/limits.js';
import { formatPath, type Finding } from '../study/problems.js';
import { solverSchema } from '../study/schema.js';
import { suggestion } from '../study/suggestion.js';
import { findingsOf, type Vocabulary } from '../study/wording.js';
import { membersOf, type Member } from './json-members.js';
import { LONGEST_LINE, type Line } from './lines.js';

/** How many mistakes of a line are told. */
const MOST_TOLD = 5;

const { kind, tolerance, polish } = solverSchema.shape;

/** One line of `ufm-sweep solve`: an instance as JSON, within the bounds of a study file. */
const lineSchema = z
  .strictObject({
    id: z.unknown().optional(),
    clusters: (AXES.clusters.value as z.ZodType<readonly Cluster[]>).check(({ value, issues }) => {
      const classes = issues.length > 0 ? 2 : classCount(value);
      if (classes >= 2 && classes <= LARGEST_CLASS_COUNT) return;
      const message = `must have 2 to ${LARGEST_CLASS_COUNT} classes, not ${classes}`;
      issues.push({ code: 'custom', input: value, message });
    }),
    lambda: AXES.lambda.number!.optional(),
    lambda_W: AXES.lambdaW.number!.optional(),
    lambda_H: AXES.lambdaH.number!.optional(),
    lambda_b: AXES.lambdaB.number!.nullable().default(null),
    feature_dim: AXES.featureDimension.number!.optional(),
    form: (AXES.form.value as z.ZodType<Form>).default('class-means'),
    solver: kind.unwrap().optional(),
    seed: AXES.seed.number!.default(1),
    tolerance: tolerance.unwrap().optional(),
    polish: polish.unwrap().optional(),
  })
  .refine(
    (line) =>
      line.lambda === undefined
        ? line.lambda_W !== undefined && line.lambda_H !== undefined
        : line.lambda_W === undefined && line.lambda_H === undefined,
    'give either "lambda" or both "lambda_W" and "lambda_H"',
  );

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

/** An instance that was asked for on a line, with the clusters in the order in which they were written. */
export interface InstanceRequest {
  /** JSON as it was written; undefined where there is none. */
  readonly id: string | undefined;
  readonly clusters: readonly Cluster[];
  readonly instance: Instance;
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

export interface LineDefaults {
  readonly tolerance: number;
  readonly polish: boolean;
}

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
  const request = { id, clusters: wanted.clusters, instance: instanceOf(wanted, defaults) };
  const problem = instanceProblem(request.instance);
  return problem === null ? { ok: true, request } : refused(`: ${problem}`, id);
}

function instanceOf(wanted: z.infer<typeof lineSchema>, defaults: LineDefaults): Instance {
  const featureDimension = wanted.feature_dim ?? classCount(wanted.clusters);
  const solver =
    wanted.solver ??
    (wanted.form === 'class-means' && wanted.feature_dim === undefined ? 'exact' : 'tensor');
  return canonicalInstance({
    clusters: wanted.clusters,
    lambdaW: wanted.lambda_W ?? wanted.lambda!,
    lambdaH: wanted.lambda_H ?? wanted.lambda!,
    lambdaB: wanted.lambda_b,
    featureDimension,
    form: wanted.form,
    solver,
    tolerance: wanted.tolerance ?? defaults.tolerance,
    polish: wanted.polish ?? defaults.polish,
    seed: wanted.seed,
  });
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
