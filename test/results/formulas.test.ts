import { describe, expect, it } from 'vitest';
import { COLUMNS, type ColumnName } from '../../results/columns.js';
import type { Column } from '../../results/columns/column.js';
import type { Instance } from '../../study/instance.js';
import { geometryOfFactors } from '../../ufm/geometry.js';
import { solveBatch } from '../../ufm/solve.js';
import { draws } from '../analysis/random.js';
import { sampleRow } from './sample-rows.js';

const K = 5;
const INSTANCE: Instance = {
  clusters: [
    [3, 90],
    [2, 10],
  ],
  ...{ lambdaW: 0.004, lambdaH: 0.009, lambdaB: 0.02, featureDimension: K },
  ...{ form: 'class-means', solver: 'exact', tolerance: 1e-9, polish: false, seed: null },
};
const SAMPLES = [90, 90, 90, 10, 10];
const CLUSTERS = [
  [0, 1, 2],
  [3, 4],
];

type Values = Readonly<Record<ColumnName, unknown>>;

const valuesOf = (row: ReturnType<typeof sampleRow>): Values =>
  Object.fromEntries(
    (COLUMNS as readonly Column[]).map(({ name, of }) => [name, of(row)]),
  ) as Values;

const close = (actual: unknown, expected: readonly (number | null)[]): void => {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    const found = (actual as (number | null)[])[i]!;
    if (value === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(value, 10);
  });
};

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, entry, i) => sum + entry * b[i]!, 0);
const norm = (a: readonly number[]): number => Math.sqrt(dot(a, a));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;
const matrix = (entry: (i: number, j: number) => number): number[][] =>
  Array.from({ length: K }, (_, i) => Array.from({ length: K }, (__, j) => entry(i, j)));
const times = (a: number[][], b: number[][]): number[][] =>
  matrix((i, j) =>
    dot(
      a[i]!,
      b.map((row) => row[j]!),
    ),
  );

describe('the columns of a row, from others by their formulas', () => {
  it('for the instance and the gap', async () => {
    const [solution] = await solveBatch([INSTANCE], { device: 'cpu' });
    const row = valuesOf({ ...sampleRow(0, { instance: INSTANCE }), solution: solution! });
    const numbers = row as Readonly<Record<ColumnName, number>>;
    const classes = row.cluster_classes as number[];
    const samples = (row.cluster_samples as (number | bigint)[]).map(Number);
    expect(row.classes).toBe(classes[0]! + classes[1]!);
    expect(Number(row.samples_total)).toBe(dot(classes, samples));
    expect(row.imbalance_ratio).toBe(samples[0]! / samples[1]!);
    expect(row.lambda).toBe(Math.sqrt(numbers.lambda_w * numbers.lambda_h));
    const N = Number(row.samples_total);
    expect(row.threshold_theory).toBeCloseTo(Math.sqrt(samples[1]!) / N, 14);
    expect(row.lambda_over_threshold).toBeCloseTo(
      (numbers.lambda * N) / Math.sqrt(samples[1]!),
      12,
    );
    expect(row.gap).toBeCloseTo(numbers.objective - numbers.lower_bound, 15);
    expect(row.relative_gap).toBeCloseTo(numbers.gap / numbers.objective, 15);
    expect(numbers.relative_gap <= numbers.tolerance).toBe(row.status === 'certified');
    const values = row.singular_values as number[];
    expect(row.rank).toBe(values.filter((value) => value > 1e-6 * Math.sqrt(samples[0]!)).length);
    expect([row.majority_contrast, row.minority_contrast]).toEqual(row.contrasts);
    expect([row.majority_collapsed, row.minority_collapsed]).toEqual(row.collapsed);
    const cosines = row.cos_z as number[];
    expect([row.cos_z_majority, row.cos_z_across, row.cos_z_minority]).toEqual([
      cosines[0],
      cosines[1],
      cosines[3],
    ]);
  });

  it('for the geometry of any W, H and b', () => {
    const { normal } = draws(9);
    const [W, H] = [matrix(normal), matrix(normal)];
    const Z = times(W, H);
    const bias = Array.from({ length: K }, normal);
    const geometry = geometryOfFactors(INSTANCE, {
      weights: Float64Array.from(W.flat()),
      means: Float64Array.from(H.flat()),
      logits: Float64Array.from(Z.flat()),
      bias: Float64Array.from(bias),
    });
    const row = valuesOf(sampleRow(0, { instance: INSTANCE, solution: geometry }));

    // H is d x K, one class a column.
    const vectors = { w: W, h: matrix((i, j) => H[j]![i]!), z: Z };
    for (const letter of ['w', 'h', 'z'] as const) {
      const v = vectors[letter];
      const table = CLUSTERS.flatMap((rows) =>
        CLUSTERS.map((columns) =>
          mean(
            rows.flatMap((k) =>
              columns.flatMap((l) =>
                k === l ? [] : [dot(v[k]!, v[l]!) / norm(v[k]!) / norm(v[l]!)],
              ),
            ),
          ),
        ),
      );
      close(row[`cos_${letter}`], table);
      close(
        row[`norm_${letter}`],
        CLUSTERS.map((members) => mean(members.map((k) => norm(v[k]!)))),
      );
      const C = matrix((i, j) => (i === j ? 1 : 0) - 1 / K);
      const G = matrix((i, j) => dot(v[i]!, v[j]!));
      const CGC = times(times(C, G), C);
      const [ofG, ofC] = [norm(CGC.flat()), norm(C.flat())];
      const apart = CGC.flat().map((entry, i) => entry / ofG - C.flat()[i]! / ofC);
      close([row[`etf_distance_${letter}`]], [norm(apart)]);
      const ofAll = norm(G.flat());
      const fromFrame = matrix((i, j) => G[i]![j]! / ofAll - (i === j ? 1 : 0) / Math.sqrt(K));
      close([row[`orthogonal_distance_${letter}`]], [norm(fromFrame.flat())]);
    }
    const [ofW, ofH] = [norm(W.flat()), norm(H.flat())];
    const notDual = W.flatMap((w, k) => w.map((entry, t) => entry / ofW - H[t]![k]! / ofH));
    close([row.self_duality_distance], [norm(notDual)]);
    close(
      row.bias,
      CLUSTERS.map((members) => mean(members.map((k) => bias[k]!))),
    );
    const Y = matrix((i, k) => Z[i]![k]! * Math.sqrt(SAMPLES[k]!));
    const values = row.singular_values as number[];
    expect(dot(values, values)).toBeCloseTo(dot(Y.flat(), Y.flat()), 6);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    // A centred 2 x 2 block has one singular value, half the sum of its diagonal less the rest.
    const [a, b] = CLUSTERS[1]! as [number, number];
    const contrast = Math.abs(Y[a]![a]! + Y[b]![b]! - Y[a]![b]! - Y[b]![a]!) / 2;
    expect(row.minority_contrast).toBeCloseTo(contrast, 10);
  });
});
