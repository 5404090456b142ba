import type { Surroundings } from '../../activities/surroundings.js';
import { underTemporal } from '../../activities/temporal.js';
import { InvalidInput } from '../../study/failures.js';
import type { StudyReference } from '../../study/orchestration.js';
import { REFERENCE } from '../../study/reference-shape.js';
import type { Shape } from '../../study/shape.js';
import type { ServedStores } from './served-stores.js';

/**
 * Does an activity under Temporal, in a store of this process and with arguments that can be meant: whoever reaches the
 * server can ask for anything.
 *
 * @param reference as it was sent
 * @param rest the other arguments by name, each with what it has to be
 * @param work gets the reference as the study is found from here
 */
export function ownActivity<T>(
  stores: ServedStores,
  reference: StudyReference,
  rest: Readonly<Record<string, readonly [value: unknown, shape: Shape]>>,
  work: (own: Required<StudyReference>, surroundings: Surroundings) => Promise<T>,
): Promise<T> {
  return underTemporal(async (surroundings) => {
    const problems = [
      REFERENCE(reference, 'reference'),
      ...Object.entries(rest).map(([name, [value, shape]]) => shape(value, name)),
    ].filter((problem) => problem !== null);
    if (problems.length > 0) throw new InvalidInput(problems.join('; '));
    return stores.within(reference, (own) => work(own, surroundings));
  });
}
