import type { Instance } from '../../study/instance.js';
import type { Model } from '../../study/model.js';
import type { Remedies } from '../../study/remedies.js';

const NAMES = [
  'classWeights',
  'labelSmoothing',
  'labelNoise',
  'logitAdjustment',
  'margins',
  'logitScales',
  'featurePenalties',
  'loss',
  'features',
  'classifier',
  'boundW',
  'boundH',
] as const satisfies readonly (keyof Remedies | keyof Model)[];

/**
 * Refuses an instance that asks for what this model's solver knows nothing of, rather than solve another problem.
 *
 * @throws Error that names them
 */
export function refuseAllBut(
  instance: Instance,
  model: string,
  known: readonly (typeof NAMES)[number][],
): void {
  const unknown = NAMES.filter((name) => instance[name] !== undefined && !known.includes(name));
  if (unknown.length === 0) return;
  throw new Error(`The solver of ${model} has no use for ${unknown.join(', ')}: leave that out.`);
}
