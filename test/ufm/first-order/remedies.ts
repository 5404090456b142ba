import type { Remedies } from '../../../study/remedies.js';

/** Every remedy for two clusters. */
export const REMEDIES: readonly (readonly [string, Remedies])[] = [
  ['class weights', { classWeights: [0.6, 3] }],
  ['label smoothing', { labelSmoothing: 0.1 }],
  ['label noise', { labelNoise: 0.2 }],
  ['logit adjustment', { logitAdjustment: 1 }],
  ['logit adjustment the other way', { logitAdjustment: -2 }],
  ['margins', { margins: [0.2, 0.7] }],
  ['logit scales', { logitScales: [1, 0.4] }],
  ['feature penalties', { featurePenalties: [0.5, 2.5] }],
];

/** All of them. */
export const ALL_REMEDIES = REMEDIES.reduce<Remedies>(
  (all, [, remedies]) => ({ ...all, ...remedies }),
  {},
);
