import type { Certificate } from '../../certificate.js';
import type { ConvexProblem } from '../../problem.js';

/** Whether the features of a cluster's classes are there at the optimum; null where that is not proved. */
export type Aliveness = boolean | null;

/** How many classes are there for certain, and how many may be. */
export function countAlive(
  { classes }: ConvexProblem,
  states: readonly Aliveness[],
): { readonly least: number; readonly most: number } {
  let least = 0;
  let most = 0;
  states.forEach((isAlive, c) => {
    if (isAlive === true) least += classes[c]!;
    if (isAlive !== false) most += classes[c]!;
  });
  return { least, most };
}

/**
 * What a row says of this model. A cluster has collapsed where the features of its classes are zero in every optimum, which
 * is said of a cluster of one class, too; it has not where no optimum has them all zero. The mean block is zero where all
 * features are.
 */
export function certificateOf(
  problem: ConvexProblem,
  lowerBound: number,
  states: readonly Aliveness[],
  leastRank: number,
): Certificate {
  const { least, most } = countAlive(problem, states);
  return {
    lowerBound,
    collapsed: states.map((isAlive) => (isAlive === null ? null : !isAlive)),
    meanCollapsed: most === 0 ? true : least > 0 ? false : null,
    leastRank,
    // Columns of Y sum to zero.
    rankBound: Math.min(most, problem.classCount - 1),
  };
}
