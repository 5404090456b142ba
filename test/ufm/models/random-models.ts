import type { Instance } from '../../../study/instance.js';
import { randomInstance } from '../random-instances.js';

/** Instances of any of the models, by name; the lambda given is one of `randomInstance`. */
export const MODELS: Readonly<Record<string, (random: () => number, plain: Instance) => Instance>> =
  {
    'squared error': (random, plain) => ({
      ...plain,
      loss: 'squared-error',
      lambdaB: random() < 0.5 ? null : 0,
      ...(random() < 0.5 ? {} : { labelSmoothing: random() / 2, labelNoise: random() / 3 }),
    }),
    'nonnegative features': (random, plain) => ({
      ...plain,
      ...weights(random, plain),
      features: 'nonnegative',
    }),
    'a fixed classifier': (random, plain) => ({
      ...plain,
      ...weights(random, plain),
      classifier: 'fixed-etf',
      lambdaW: 0,
      lambdaH: 10 ** (-6 + 7 * random()),
      lambdaB: null,
    }),
    'norm bounds': (random, plain) => ({
      ...plain,
      ...weights(random, plain),
      lambdaW: 0,
      lambdaH: 0,
      lambdaB: null,
      boundW: 10 ** (random() - 0.5),
      boundH: 10 ** (2 * random() - 1),
    }),
  };

/** Instances of a model with 1 to 4 clusters of up to 20 classes in all. */
export function randomModel(name: string, random: () => number): Instance {
  const clusterCount = 1 + Math.floor(4 * random());
  const plain = randomInstance(random, { clusterCount, mostClasses: 20 });
  return MODELS[name]!(random, { ...plain, tolerance: 1e-9 });
}

function weights(random: () => number, { clusters }: Instance): Partial<Instance> {
  if (random() < 0.5) return {};
  const exponent = 1.2 * random();
  return { classWeights: clusters.map(([, samples]) => (samples / clusters[0]![1]) ** -exponent) };
}
