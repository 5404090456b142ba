import { z } from 'zod';
import { choices, reals, type AxisRule } from './axis-rule.js';
import {
  LARGEST_ADJUSTMENT,
  LARGEST_BOUND,
  LARGEST_CLASS_COUNT,
  LARGEST_EXPONENT,
  LARGEST_FACTOR,
  LARGEST_MARGIN,
  SMALLEST_FACTOR,
} from './limits.js';
import type { AxisName, AxisValue } from './study.js';

/** A number of each cluster: a list as it stands, or what follows from the samples. */
const perCluster = (
  entry: z.ZodNumber,
  rule: z.ZodType<AxisValue>,
  shape: string,
  meaning: string,
) =>
  choices(
    z.union([rule, z.array(entry).min(1).max(LARGEST_CLASS_COUNT)], {
      error: `must be ${shape} or a list with a number for each cluster`,
    }),
    `${shape}, a list with a number for each cluster`,
    meaning,
  );

/** A number of a cluster by which something of its classes is multiplied. */
export const factorOfCluster = z.number().min(SMALLEST_FACTOR).max(LARGEST_FACTOR);
const exponent = z.number().min(-LARGEST_EXPONENT).max(LARGEST_EXPONENT);
const byExponent = z.strictObject({ exponent });
/** What is taken off a logit. */
export const margin = z.number().min(0).max(LARGEST_MARGIN);
/** E_W or E_H. */
export const bound = z.number().gt(0).max(LARGEST_BOUND);

/** What is done against the imbalance, and which model it is; see `Remedies` and `Model`. */
export const REMEDY_AXES = {
  normBounds: choices(
    z.strictObject({ w: bound, h: bound }),
    'bounds {w, h}',
    'E_W and E_H in place of lambda: bounds of the squared norms of W and H by K E_W and K E_H.',
  ),
  classWeights: perCluster(
    factorOfCluster,
    byExponent,
    'weights {exponent}',
    'omega, weights of the loss of each class: n^-exponent, scaled to a mean of 1 over all samples, or a list.',
  ),
  labelSmoothing: reals(
    z.number().min(0).lt(1),
    'alpha: targets are (1 - alpha) of the label and alpha / K of every class.',
  ),
  labelNoise: reals(
    z.number().min(0).lt(1),
    "eta, below (K - 1) / K: the probability that a label is another class's, each alike.",
  ),
  logitAdjustment: reals(
    z.number().min(-LARGEST_ADJUSTMENT).max(LARGEST_ADJUSTMENT),
    'tau: tau log(n_k / N) is added to the logit of class k in the loss.',
  ),
  margins: perCluster(
    margin,
    z.strictObject({ largest: margin, exponent: z.number().min(0).max(LARGEST_EXPONENT) }),
    'margins {largest, exponent}',
    "m, taken off the logit of a sample's own class: largest (n_min / n)^exponent, or a list.",
  ),
  logitScales: perCluster(
    factorOfCluster,
    byExponent,
    'scales {exponent}',
    'delta, factors of the logits of each class: (n / n_max)^exponent, or a list.',
  ),
  featurePenalties: perCluster(
    factorOfCluster,
    byExponent,
    'penalties {exponent}',
    'phi, factors of lambdaH for the features of each class: n^-exponent, or a list.',
  ),
  loss: choices(
    z.enum(['cross-entropy', 'squared-error']),
    'a word',
    'What is minimised of predictions: the mean cross entropy or half the mean squared error.',
  ),
  features: choices(
    z.enum(['signed', 'nonnegative']),
    'a word',
    'Features of any sign, or none below 0, as a ReLU leaves them.',
  ),
  classifier: choices(
    z.enum(['learned', 'fixed-etf']),
    'a word',
    'W is learned, or fixed to a simplex ETF with rows of norm 1.',
  ),
} as const satisfies Partial<Record<AxisName, AxisRule>>;

/** The names of these, in the order of the study file's documentation. */
export const REMEDY_AXIS_NAMES = Object.keys(REMEDY_AXES) as (keyof typeof REMEDY_AXES)[];
