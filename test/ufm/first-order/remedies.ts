import type { Remedies } from '../../../study/remedies.js';

/** Every remedy for two clusters, and all of them. */
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

export const ALL_REMEDIES = REMEDIES.reduce<Remedies>(
  (all, [, remedies]) => ({ ...all, ...remedies }),
  {},
);

/** Some of the remedies, at random, for so many clusters. */
export function randomRemedies(random: () => number, clusterCount: number): Remedies {
  const maybe = <T>(remedy: () => T): T | undefined => (random() < 0.5 ? remedy() : undefined);
  const list = (number: () => number) => Array.from({ length: clusterCount }, number);
  const remedies = {
    classWeights: maybe(() => list(() => 10 ** (2 * random() - 1))),
    labelSmoothing: maybe(() => 0.3 * random()),
    labelNoise: maybe(() => 0.3 * random()),
    logitAdjustment: maybe(() => 3 * random() - 1.5),
    margins: maybe(() => list(() => 2 * random())),
    logitScales: maybe(() => list(() => 10 ** -random())),
    featurePenalties: maybe(() => list(() => 10 ** (2 * random() - 1))),
  };
  return Object.fromEntries(Object.entries(remedies).filter(([, remedy]) => remedy !== undefined));
}
