import { classCount, sampleCount, type Instance } from '../../study/instance.js';
import type { Remedies } from '../../study/remedies.js';

type Changes = { -readonly [Name in keyof Remedies]: Remedies[Name] };

/**
 * The instance as a random member of the family: each remedy in half of them, powers of the sample counts as they are used,
 * or lists of anything. Its lambda stays where it is between the thresholds, which the remedies move.
 */
export function randomMember(random: () => number, plain: Instance): Instance {
  const { clusters } = plain;
  const K = classCount(clusters);
  const counts = clusters.map(([, n]) => n);
  const [most, least] = [Math.max(...counts), Math.min(...counts)];
  const list = (power: (n: number) => number, from: number, to: number) =>
    random() < 0.7 ? counts.map(power) : counts.map(() => from * (to / from) ** random());
  const changes: Changes = {};
  const isUsed = () => random() < 0.5;
  if (isUsed()) changes.classWeights = classWeights(plain, random);
  if (isUsed()) changes.labelSmoothing = 0.9 * random() ** 3;
  if (isUsed()) changes.labelNoise = ((0.9 * (K - 1)) / K) * random() ** 3;
  if (isUsed()) changes.logitAdjustment = 4 * random() - 2;
  if (isUsed()) {
    const largest = 3 * random() ** 2;
    changes.margins = list((n) => largest * (least / n) ** 0.25, 1e-3, 3);
  }
  if (isUsed()) {
    const exponent = 0.6 * random() - 0.1;
    changes.logitScales = list((n) => (n / most) ** exponent, 0.1, 3);
  }
  if (isUsed()) {
    const exponent = 1.2 * random();
    changes.featurePenalties = list((n) => n ** -exponent, 0.1, 10);
  }
  const member = { ...plain, ...changes };
  const factor = firstPull(member) / firstPull(plain);
  return { ...member, lambdaW: plain.lambdaW * factor, lambdaH: plain.lambdaH * factor };
}

function classWeights({ clusters }: Instance, random: () => number): readonly number[] {
  const exponent = 1.5 * random();
  const powers = clusters.map(
    ([, n]) => (random() < 0.2 ? 10 ** (2 * random() - 1) : 1) * n ** -exponent,
  );
  const sum = clusters.reduce((all, [k, n], j) => all + k * n * powers[j]!, 0);
  return powers.map((power) => (power * sampleCount(clusters)) / sum);
}

/** The least of the clusters' thresholds with sure labels and no margin. */
function firstPull({ clusters, classWeights, logitScales, featurePenalties }: Instance): number {
  const N = sampleCount(clusters);
  const pulls = clusters.map(
    ([, n], j) =>
      ((logitScales?.[j] ?? 1) * (classWeights?.[j] ?? 1) * Math.sqrt(n)) /
      Math.sqrt(featurePenalties?.[j] ?? 1) /
      N,
  );
  return Math.min(...pulls);
}
