import { describe, expect, it } from 'vitest';
import { classCount, sampleCount, type Instance } from '../../../study/instance.js';
import { solveExact } from '../../../ufm/exact/solve.js';
import { randomInstance, uniform } from '../random-instances.js';
import { randomMember } from '../random-members.js';

const MEMBERS = 2000;

/** lambda_j = delta_j c_j / s_j (t_own - t_same), without a margin. */
function threshold(instance: Instance, j: number): number {
  const { clusters, classWeights, logitScales, featurePenalties } = instance;
  const { labelSmoothing = 0, labelNoise = 0 } = instance;
  const [, n] = clusters[j]!;
  const K = classCount(clusters);
  const weight = ((classWeights?.[j] ?? 1) * n) / sampleCount(clusters);
  const scale = Math.sqrt((featurePenalties?.[j] ?? 1) * n);
  const sure = (1 - labelSmoothing) * (1 - (labelNoise * K) / (K - 1));
  return ((logitScales?.[j] ?? 1) * weight * sure) / scale;
}

/** Members without margins, each with the place of a cluster of at least two classes. */
function* members(seed: number, count: number): Generator<[Instance, number]> {
  const random = uniform(seed);
  while (count > 0) {
    const clusterCount = 1 + (count % 5);
    const plain = randomInstance(random, { clusterCount, mostClasses: 40 });
    const { margins, ...member } = randomMember(random, plain);
    const places = plain.clusters.flatMap(([classes], j) => (classes > 1 ? [j] : []));
    if (places.length === 0) continue;
    if (margins !== undefined && random() < 0.5) continue;
    count--;
    yield [member, places[Math.floor(random() * places.length)]!];
  }
}

describe('the collapse of a cluster', () => {
  it('is never decided wrongly next to the closed threshold of a member', () => {
    let decided = 0;
    const wrong: object[] = [];
    for (const [member, j] of members(141, MEMBERS)) {
      for (const side of [1 - 1e-6, 1 + 1e-6]) {
        const lambda = threshold(member, j) * side;
        const instance = { ...member, lambdaW: lambda, lambdaH: lambda };
        const { collapsed } = solveExact(instance).certificate;
        member.clusters.forEach(([classes], a) => {
          const fact = lambda >= threshold(member, a);
          const flag = collapsed[a]!;
          const isWrong = flag === !fact;
          if (classes > 1 && isWrong) wrong.push({ instance, a, flag });
        });
        if (collapsed[j] !== null) decided++;
      }
    }
    expect(wrong).toEqual([]);
    expect(decided).toBeGreaterThan(1.5 * MEMBERS);
  });

  it('comes later with a margin, at the threshold that the predictions at zero contrast have', () => {
    const random = uniform(142);
    let between = 0;
    for (const [member] of members(143, 300)) {
      const margins = member.clusters.map(() => 2 * random());
      for (const [j, [classes]] of member.clusters.entries()) {
        if (classes === 1) continue;
        const plain = threshold(member, j);
        const odds = Math.exp(-margins[j]!);
        const most = plain * (1 + (1 - odds) / (classes - 1 + odds) / sureOf(member));
        const flagAt = (lambda: number) =>
          solveExact({ ...member, margins, lambdaW: lambda, lambdaH: lambda }).certificate
            .collapsed[j];
        expect(flagAt(plain * (1 - 1e-6))).not.toBe(true);
        expect(flagAt(plain)).not.toBe(true);
        expect(flagAt(most * (1 + 1e-6))).not.toBe(false);
        if (flagAt(plain + 0.01 * (most - plain)) === false) between++;
      }
    }
    expect(between).toBeGreaterThan(100);
  });
});

/** t_own - t_same. */
function sureOf({ clusters, labelSmoothing = 0, labelNoise = 0 }: Instance): number {
  const K = classCount(clusters);
  return (1 - labelSmoothing) * (1 - (labelNoise * K) / (K - 1));
}
