import { descending } from './canonical.js';
import { isBetween, told } from './field-values.js';
import type { Problem } from './instance.js';
import {
  LARGEST_ADJUSTMENT,
  LARGEST_BOUND,
  LARGEST_FACTOR,
  LARGEST_MARGIN,
  SMALLEST_FACTOR,
} from './limits.js';
import type { Model } from './model.js';
import { REMEDY_LISTS, REMEDY_NUMBERS } from './remedies.js';

const FACTORS = [SMALLEST_FACTOR, LARGEST_FACTOR] as const;
/** Between which the numbers of each name lie. */
const BOUNDS = {
  classWeights: FACTORS,
  featurePenalties: FACTORS,
  logitScales: FACTORS,
  margins: [0, LARGEST_MARGIN],
  labelNoise: [0, 1],
  labelSmoothing: [0, 1 - Number.EPSILON / 2],
  logitAdjustment: [-LARGEST_ADJUSTMENT, LARGEST_ADJUSTMENT],
  boundW: [Number.MIN_VALUE, LARGEST_BOUND],
  boundH: [Number.MIN_VALUE, LARGEST_BOUND],
} as const;
const NUMBERS = [...REMEDY_NUMBERS, 'boundW', 'boundH'] as const;
const MODEL: Required<Pick<Model, 'loss' | 'features' | 'classifier'>> = {
  loss: 'squared-error',
  features: 'nonnegative',
  classifier: 'fixed-etf',
};
const WORDS = Object.entries(MODEL);

/** What makes values no remedies and no model of so many clusters, each by itself; null when they are, or are absent. */
export function remedyProblem(
  fields: Readonly<Record<string, unknown>>,
  clusters: number,
): string | null {
  for (const name of REMEDY_LISTS) {
    const value = fields[name];
    const [least, most] = BOUNDS[name];
    const isOne =
      value === undefined ||
      (Array.isArray(value) &&
        value.length === clusters &&
        value.every((entry) => isBetween(entry, least, most)));
    if (!isOne)
      return told(
        name,
        value,
        `a list of ${clusters} numbers, one a cluster, from ${least} to ${most}`,
      );
  }
  for (const name of NUMBERS) {
    const value = fields[name];
    const [least, most] = BOUNDS[name];
    if (value !== undefined && !isBetween(value, least, most))
      return told(name, value, `a number from ${least} to ${most}`);
  }
  for (const [name, word] of WORDS) {
    const value = fields[name];
    if (value !== undefined && value !== word) return told(name, value, `${word}, or absent`);
  }
  return null;
}

/** Whether clusters of equal sample counts are told apart by a list, and stand in the order of the canonical problem. */
export function areDistinct(problem: Problem): boolean {
  const { clusters } = problem;
  const names = REMEDY_LISTS.filter((name) => problem[name] !== undefined);
  const marksOf = (j: number): number[] => names.map((name) => problem[name]![j]!);
  return clusters.every(
    ([, samples], j) =>
      j === 0 || samples < clusters[j - 1]![1] || descending(marksOf(j - 1), marksOf(j)) < 0,
  );
}
