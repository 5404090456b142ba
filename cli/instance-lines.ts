import { z } from 'zod';
import { canonicalInstance } from '../study/canonical.js';
import { classCount, type Cluster, type Instance } from '../study/instance.js';
import type { CosineTable, Solution } from '../ufm/solution.js';

const positive = z.number().positive();

/** One line of `ufm-sweep solve`: an instance as JSON. */
const lineSchema = z
  .strictObject({
    id: z.unknown().optional(),
    clusters: z
      .array(z.tuple([z.int().min(1).max(1000), z.int().min(1).max(1e12)]))
      .min(1)
      .refine((clusters) => classCount(clusters) >= 2, 'at least two classes are needed'),
    lambda: positive.optional(),
    lambda_W: positive.optional(),
    lambda_H: positive.optional(),
    lambda_b: z.number().nonnegative().nullable().default(null),
    feature_dim: z.int().min(1).optional(),
    form: z.enum(['class-means', 'per-sample']).default('class-means'),
    solver: z.enum(['tensor', 'exact']).optional(),
    seed: z.int().min(0).default(1),
    tolerance: positive.optional(),
    polish: z.boolean().optional(),
  })
  .refine(
    (line) =>
      line.lambda === undefined
        ? line.lambda_W !== undefined && line.lambda_H !== undefined
        : line.lambda_W === undefined && line.lambda_H === undefined,
    'give either "lambda" or both "lambda_W" and "lambda_H"',
  );

/** An instance that was asked for on a line, with the clusters in the order in which they were written. */
export interface InstanceRequest {
  readonly id: unknown;
  readonly clusters: readonly Cluster[];
  readonly instance: Instance;
}

export interface LineDefaults {
  readonly tolerance: number;
  readonly polish: boolean;
}

/** Reads one line. Throws an error for people when it is no instance. */
export function parseInstanceLine(line: string, defaults: LineDefaults): InstanceRequest {
  const read = lineSchema.safeParse(parseJson(line));
  if (!read.success) {
    throw new Error(
      read.error.issues.map((issue) => [...issue.path, issue.message].join(': ')).join('; '),
    );
  }
  const wanted = read.data;
  const featureDimension = wanted.feature_dim ?? classCount(wanted.clusters);
  const solver =
    wanted.solver ??
    (wanted.form === 'class-means' && wanted.feature_dim === undefined ? 'exact' : 'tensor');
  return {
    id: wanted.id,
    clusters: wanted.clusters,
    instance: canonicalInstance({
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
    }),
  };
}

/** The `id` of a line that could not be read as an instance, so that its answer can still be matched. */
export function idOf(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  } catch {
    return undefined;
  }
}

/** The answer to one line, clusters in the order of the request. */
export function formatSolution(request: InstanceRequest, solution: Solution): object {
  const { instance, clusters } = request;
  // Equal sample counts are one cluster to the solver; each written cluster finds the one that holds it.
  const place = clusters.map(([, samples]) =>
    instance.clusters.findIndex(([, n]) => n === samples),
  );
  const hasContrast = clusters.map(([classes]) => classes >= 2);
  const perCluster = <T>(values: readonly T[] | null) =>
    values === null ? null : place.map((index) => values[index]!);
  const ofContrast = <T>(values: readonly T[] | null) =>
    values === null ? null : place.map((index, j) => (hasContrast[j] ? values[index]! : null));
  const cosines = (table: CosineTable | null) =>
    table === null
      ? null
      : place.map((row, i) =>
          place.map((column, j) => (i === j && !hasContrast[i] ? null : table[row]![column]!)),
        );
  return {
    ...(request.id === undefined ? {} : { id: request.id }),
    status: solution.status,
    objective: solution.objective,
    lower_bound: solution.lowerBound,
    gap: solution.gap,
    relative_gap: solution.relativeGap,
    relative_gap_before_polish: solution.relativeGapBeforePolish,
    rank: solution.rank,
    singular_values: solution.singularValues,
    contrasts: ofContrast(solution.contrasts),
    collapsed: ofContrast(solution.collapsed),
    mean_collapsed: solution.meanCollapsed,
    cos_W: cosines(solution.cosW),
    cos_H: cosines(solution.cosH),
    cos_Z: cosines(solution.cosZ),
    norm_W: perCluster(solution.normW),
    norm_H: perCluster(solution.normH),
    norm_Z: perCluster(solution.normZ),
    bias: perCluster(solution.bias),
    within_class_variability: solution.withinClassVariability,
    within_class_variability_pinv: solution.withinClassVariabilityPinv,
    iterations: solution.iterations,
    polish_iterations: solution.polishIterations,
    seconds: solution.seconds,
    solver: instance.solver,
    backend: solution.backend,
    device: solution.device,
    seed: instance.seed,
    ...(solution.message === null ? {} : { message: solution.message }),
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`not JSON: ${(error as Error).message}`, { cause: error });
  }
}
