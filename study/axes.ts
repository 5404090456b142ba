import { z } from 'zod';
import { choices, integers, reals, type AxisRule } from './axis-rule.js';
import {
  LARGEST_CLASS_COUNT,
  LARGEST_FEATURE_DIMENSION,
  LARGEST_SAMPLE_COUNT,
  LARGEST_SEED,
} from './limits.js';
import { REMEDY_AXES } from './remedy-axes.js';
import type { AxisName } from './study.js';

const classes = z.int().min(2).max(LARGEST_CLASS_COUNT);
const classesOfCluster = z
  .int()
  .min(1)
  .max(LARGEST_CLASS_COUNT - 1);
const samples = z.int().min(1).max(LARGEST_SAMPLE_COUNT);
const weight = z.number().gt(0).max(1e12);
const biasWeight = z.number().min(0).max(1e12);
const factor = z.number().gt(0).max(1e12);
const seed = z.int().min(0).max(LARGEST_SEED);

/** Every name that a grid can fix or vary, with the values that it takes. */
export const AXES: Readonly<Record<AxisName, AxisRule>> = {
  classes: integers(classes, 'K, the number of classes.'),
  majorityClasses: integers(
    classesOfCluster,
    'k_A, the number of majority classes; the other K - k_A are minority.',
  ),
  clusters: choices(
    z.array(z.tuple([z.int().min(1).max(LARGEST_CLASS_COUNT), samples])).min(1),
    'clusters [[classes, samples], ...]',
    'The class profile as clusters: [[classes, samples of each], ...].',
  ),
  longTail: choices(
    z.strictObject({ largest: samples, ratio: z.number().min(1).max(LARGEST_SAMPLE_COUNT) }),
    'a long tail {largest, ratio}',
    'A long tail: class k = 0 ... K-1 has largest * ratio^(-k/(K-1)) samples.',
  ),
  samples: choices(
    z.array(samples).min(2).max(LARGEST_CLASS_COUNT),
    'the samples of every class [n_1, ..., n_K]',
    'The class profile as samples of every class: [n_1, ..., n_K].',
  ),
  sampleScale: reals(factor, 'Multiplies the samples of every class; counts are rounded.'),
  majoritySamples: integers(samples, 'n_A, the samples of each majority class.'),
  minoritySamples: integers(samples, 'n_B, the samples of each minority class.'),
  imbalanceRatio: reals(factor, 'r = n_A / n_B: fixes one of n_A and n_B by the other.'),
  lambda: reals(weight, 'lambdaW and lambdaH alike.'),
  lambdaTimesN: reals(weight, 'lambda times N, the number of all samples: lambda = value / N.'),
  lambdaTimesSqrtN: reals(
    weight,
    'lambda times the square root of N, the number of all samples: lambda = value / sqrt(N).',
  ),
  lambdaOverThreshold: reals(
    weight,
    "lambda in units of the predicted collapse threshold of the smallest classes' cluster.",
  ),
  lambdaW: reals(weight, 'Weight of |W|^2 / 2; with lambdaH.'),
  lambdaH: reals(weight, 'Weight of |H|^2 / 2; with lambdaW.'),
  lambdaB: {
    ...reals(biasWeight, 'Weight of |b|^2 / 2; 0 is a free bias, `none` a model without a bias.'),
    shape: 'a number, `none`',
    value: z.union([biasWeight, z.literal('none')], { error: 'must be a number or `none`' }),
  },
  ...REMEDY_AXES,
  featureDimension: integers(
    z.int().min(1).max(LARGEST_FEATURE_DIMENSION),
    'd, the length of a feature; K if unset.',
  ),
  form: choices(
    z.enum(['class-means', 'per-sample']),
    'a word',
    'One feature per class, where every minimum lies, or one per sample.',
  ),
  solverKind: choices(
    z.enum(['tensor', 'exact']),
    'a word',
    '`tensor` or `exact`, in place of what `solver` says for the whole study.',
  ),
  seed: { ...integers(seed, 'Seed of the random start of the tensor solver.'), scale: null },
};
