import type { Cluster, Instance } from '../../../study/instance.js';
import type { BlockLogits } from '../../../ufm/blocks.js';
import { solveExact } from '../../../ufm/exact/solve.js';
import { normal, uniform } from '../random-instances.js';
import { randomMember } from '../random-members.js';
import { instanceOf } from '../reference-instances.js';

export interface Case {
  readonly instance: Instance;
  readonly blocks: BlockLogits;
}

/**
 * Instances of 1 to 4 clusters with anything that `solve` takes: samples to 1e12, lambda from the least float64 on, each
 * bias, half of them with remedies; and blocks for them: the solver's, these shaken, or random ones up to a size that says
 * nothing any more.
 */
export function* extremeCases(seed: number, count: number): Generator<Case> {
  const random = uniform(seed);
  for (let i = 0; i < count; i++) {
    const clusters = extremeClusters(random, 1 + (i % 4));
    const [lambdaW, lambdaH] = extremeLambdas(random, clusters);
    const lambdaB = [null, 0, spread(random, -300, 12)][i % 3]!;
    const plain = instanceOf(clusters, 1, lambdaB, { lambdaW, lambdaH });
    const instance = random() < 0.5 ? plain : randomMember(random, plain);
    yield { instance, blocks: extremeBlocks(random, instance) };
  }
}

/** 10^x, x uniform. */
export function spread(random: () => number, from: number, to: number): number {
  return 10 ** (from + (to - from) * random());
}

function extremeClusters(random: () => number, J: number): Cluster[] {
  const most = random() < 0.5 ? 12 : 4;
  const counts = new Set<number>();
  while (counts.size < J) counts.add(Math.max(1, Math.round(spread(random, 0, most))));
  const clusters = [...counts]
    .sort((a, b) => b - a)
    .map((samples): Cluster => [random() < 0.3 ? 1 : 1 + Math.floor(6 * random()), samples]);
  return J === 1 ? [[Math.max(2, clusters[0]![0]), clusters[0]![1]]] : clusters;
}

function extremeLambdas(random: () => number, clusters: readonly Cluster[]): [number, number] {
  const total = clusters.reduce((all, [classes, samples]) => all + classes * samples, 0);
  const [, samples] = clusters[Math.floor(clusters.length * random())]!;
  const threshold = Math.sqrt(samples) / total;
  const kind = random();
  if (kind < 0.4) {
    const lambda = threshold * spread(random, -3, 0.5);
    return [lambda, lambda];
  }
  if (kind < 0.5) return [threshold * (1 + spread(random, -12, -3)), threshold];
  const [W, H] = [spread(random, -323.3, 3), spread(random, -323.3, 3)];
  return kind < 0.7 ? [W, H] : [W, W];
}

function extremeBlocks(random: () => number, instance: Instance): BlockLogits {
  const J = instance.clusters.length;
  const kind = random();
  const size = spread(random, -300, 4);
  if (kind < 0.3) {
    const draw = (length: number) => Float64Array.from({ length }, () => size * normal(random));
    const contrast = draw(J).map((s, j) => (instance.clusters[j]![0] > 1 ? s : 0));
    return { contrast, mean: draw(J * J), bias: instance.lambdaB === null ? null : draw(J) };
  }
  const { blocks } = solveExact(instance);
  if (kind < 0.7 || ![...blocks.mean, ...blocks.contrast].every(Number.isFinite)) return blocks;
  const shake = (values: Float64Array) => values.map((x) => x + Math.min(1, size) * normal(random));
  return {
    contrast: blocks.contrast.map((s) => (s === 0 ? 0 : shake(Float64Array.of(s))[0]!)),
    mean: shake(blocks.mean),
    bias: blocks.bias && shake(blocks.bias),
  };
}
