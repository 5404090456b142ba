import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../study/instance.js';
import { solveNormBounds } from '../../../../ufm/models/norm-bounds/solve.js';
import { solveBatch } from '../../../../ufm/solve.js';
import { criticalRatio } from '../../../../analysis/theory/critical-ratio.js';
import { draws } from '../../../analysis/random.js';
import { instanceOf } from '../../reference-instances.js';

const MODEL = { boundW: 1, boundH: 5 };
const CLASSES = 10;

/** Five classes of each size, with that many samples. */
function bounded(majority: number, minority: number, bounds = MODEL) {
  const clusters: readonly Cluster[] = [
    [5, majority],
    [5, minority],
  ];
  return instanceOf(clusters, 0, null, { ...bounds, tolerance: 1e-12 });
}

interface Peeled {
  readonly objective: number;
  /** Of W, and of each sample's feature: minus the slope along it over its square, at a minimum its penalty. */
  readonly lambdaW: number;
  readonly lambdaH: readonly number[];
  /** Largest distance of features of one class. */
  readonly variability: number;
}

/**
 * The program as Fang et al. write it, a feature for every sample and the factors themselves:
 * sum_k |w_k|^2 <= K E_W, sum_k 1/n_k sum_i |h_ki|^2 <= K E_H. In h_ki / sqrt(n_k) both are balls, onto which gradient
 * steps with momentum are projected.
 */
function descend(samples: readonly number[], steps: number): Peeled {
  const labels = samples.flatMap((count, k) => Array.from({ length: count }, () => k));
  const { normal } = draws(3);
  const scale = labels.map((k) => Math.sqrt(samples[k]!));
  const radii = [CLASSES * MODEL.boundW, CLASSES * MODEL.boundH].map(Math.sqrt);
  const random = (rows: number): number[][] =>
    Array.from({ length: rows }, () => Array.from({ length: CLASSES }, normal));
  let now = [random(CLASSES), random(labels.length)].map((block, i) => onBall(block, radii[i]!));
  let before = now;
  const features = (block: number[][]): number[][] =>
    block.map((row, i) => row.map((entry) => entry * scale[i]!));
  for (let step = 0; step < steps; step++) {
    const ahead = now.map((block, i) =>
      block.map((row, a) => row.map((entry, b) => entry + 0.9 * (entry - before[i]![a]![b]!))),
    );
    const { ofW, ofH } = slopes(ahead[0]!, features(ahead[1]!), labels);
    const gradients = [ofW, ofH.map((row, i) => row.map((entry) => entry * scale[i]!))];
    before = now;
    now = ahead.map((block, i) =>
      onBall(
        block.map((row, a) => row.map((entry, b) => entry - gradients[i]![a]![b]!)),
        radii[i]!,
      ),
    );
  }
  const [w, h] = [now[0]!, features(now[1]!)];
  const { objective, ofW, ofH } = slopes(w, h, labels);
  const first = labels.map((k) => labels.indexOf(k));
  return {
    objective,
    lambdaW: -dot(ofW.flat(), w.flat()) / dot(w.flat(), w.flat()),
    lambdaH: h.map((row, i) => -dot(ofH[i]!, row) / dot(row, row)),
    variability: Math.max(
      ...h.map((row, i) => Math.hypot(...row.map((entry, b) => entry - h[first[i]!]![b]!))),
    ),
  };
}

function slopes(
  w: number[][],
  h: number[][],
  labels: readonly number[],
): { objective: number; ofW: number[][]; ofH: number[][] } {
  const ofW = w.map((row) => row.map(() => 0));
  let objective = 0;
  const ofH = h.map((feature, i) => {
    const powers = w.map((row) => Math.exp(dot(row, feature)));
    const sum = powers.reduce((a, b) => a + b);
    objective -= Math.log(powers[labels[i]!]! / sum) / h.length;
    const error = powers.map((power, k) => (power / sum - (k === labels[i] ? 1 : 0)) / h.length);
    error.forEach((each, k) => {
      feature.forEach((entry, b) => (ofW[k]![b]! += each * entry));
    });
    return feature.map((_, b) => error.reduce((total, each, k) => total + each * w[k]![b]!, 0));
  });
  return { objective, ofW, ofH };
}

function onBall(block: number[][], radius: number): number[][] {
  const length = Math.hypot(...block.flat());
  return length <= radius
    ? block
    : block.map((row) => row.map((entry) => (entry * radius) / length));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, entry, i) => sum + entry * b[i]!, 0);
}

describe('the layer-peeled model of Fang et al.', () => {
  // The minority collapses between the two.
  it.each([3, 15])(
    'is at n_A / n_B = %i our model with a penalty of its own for the features of each class',
    (ratio) => {
      const convex = solveNormBounds(bounded(ratio, 1));
      const samples = Array.from({ length: CLASSES }, (_, k) => (k < 5 ? ratio : 1));
      const { objective, lambdaW, lambdaH, variability } = descend(samples, 4000);
      expect(Math.abs(objective - convex.objective)).toBeLessThan(1e-9);
      expect(variability).toBeLessThan(1e-4);
      const [majority, minority] = [lambdaH[0]!, lambdaH.at(-1)!];
      expect(majority * ratio).toBeCloseTo(minority, 6);
      expect(Math.sqrt(lambdaW * minority)).toBeCloseTo(convex.multiplier, 6);
    },
  );

  it('has its minority collapse where n_B / N is the multiplier, and not where sqrt(n_B) / N is', () => {
    const ratio = criticalRatio(5, 5, CLASSES * Math.sqrt(5))!;
    const { multiplier } = solveNormBounds(bounded(Math.round(1e9 * ratio), 1e9));
    expect(1 / (5 * ratio + 5) / multiplier).toBeCloseTo(1, 7);
  });

  it('is our model where classes are balanced, lambda = mu / sqrt(n)', async () => {
    const samples = 100;
    const clusters: readonly Cluster[] = [[CLASSES, samples]];
    const theirs = instanceOf(clusters, 0, null, MODEL);
    const lambda = solveNormBounds(theirs).multiplier / Math.sqrt(samples);
    const [peeled, ours] = await solveBatch([theirs, instanceOf(clusters, lambda, null)], {
      device: 'cpu',
    });
    expect(ours!.contrasts![0]! / Math.sqrt(samples)).toBeCloseTo(peeled!.contrasts![0]!, 12);
    expect(ours!.cosW![0]![0]!).toBeCloseTo(peeled!.cosW![0]![0]!, 12);
  });

  it('has factors as long as the bounds allow', async () => {
    const [solution] = await solveBatch([bounded(30, 4)], { device: 'cpu' });
    const squares = (norms: readonly number[]) => norms.reduce((sum, x) => sum + 5 * x * x, 0);
    expect(squares(solution!.normW!)).toBeCloseTo(CLASSES * MODEL.boundW, 10);
    expect(squares(solution!.normH!)).toBeCloseTo(CLASSES * MODEL.boundH, 10);
  });

  it('lets the rows of W of the minority vanish as well, where its bounds are small', async () => {
    const small = { boundW: 1, boundH: 1 };
    const rows = [bounded(2, 1, small), bounded(10, 1, small)];
    const [near, far] = await solveBatch(rows, { device: 'cpu' });
    expect(near!.cosW![1]![1]).toBeCloseTo(1);
    expect(far).toMatchObject({
      status: 'certified',
      meanCollapsed: true,
      collapsed: [false, true],
    });
    expect(far!.cosW![1]![1]).toBeNull();
  });
});
