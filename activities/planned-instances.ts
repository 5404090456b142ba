import type { ShardPoint } from '../results/plan-file.js';
import { instanceProblem } from '../study/instance-problem.js';
import type { Instance } from '../study/instance.js';
import { UnsolvablePoint } from './failures.js';

/** The most characters of an instance. One of a thousand clusters has 20,000, and as many more for each list. */
const LONGEST_INSTANCE = 262_144;

/**
 * The instances of points as a plan has them, held to the bounds of a study file: whoever can write into the store can
 * write a plan.
 *
 * @throws UnsolvablePoint, which names the point and the field
 */
export function plannedInstances(points: readonly ShardPoint[]): Instance[] {
  return points.map(({ key, instance }) => {
    const value = instance.length > LONGEST_INSTANCE ? undefined : parsed(instance);
    const problem =
      value === undefined
        ? `the instance is no JSON of at most ${LONGEST_INSTANCE} characters`
        : instanceProblem(value);
    if (problem === null) return value as Instance;
    throw new UnsolvablePoint(
      `The plan was changed after it was written. Point ${key}: ${problem}. Nothing of its shard is published; run the study ` +
        'again, which plans it anew.',
    );
  });
}

/** Undefined, which JSON has not, when it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
