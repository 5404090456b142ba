import { sliceOf } from '../study/slice.js';
import type { AxisName, Grid } from '../study/study.js';
import type { Interval } from './order-parameter.js';
import type { Threshold, TransitionSlice } from './thresholds.js';
import type { TransitionName } from './transitions.js';

/** Where one solver has a transition. */
export type PlaceOfSolver = Pick<
  Threshold,
  'lower' | 'upper' | 'estimate' | 'interval' | 'undecided' | 'refusal'
>;

/** One transition of one slice as gradient descent from random starts and as the exact solver have it. */
export interface SolverComparison {
  readonly grid: string;
  /** The slice without the name of the solver. */
  readonly slice: string;
  readonly along: AxisName;
  readonly transition: TransitionName;
  readonly exact: PlaceOfSolver;
  readonly empirical: PlaceOfSolver;
  /** Random starts of the tensor solver. */
  readonly seeds: number;
  /** Empirical minus exact estimate; null where either is refused. */
  readonly difference: number | null;
  /** Whether the certified intervals of both meet, or their 95 % intervals where no row holds a certificate. */
  readonly agree: boolean | null;
}

/** A slice that both solvers have solved. */
export interface SolverPair {
  /** The slice without the name of the solver. */
  readonly name: string;
  readonly exact: TransitionSlice;
  readonly tensor: TransitionSlice;
}

/** The slices that grids have solved by both solvers. */
export function pairsOfSolvers(
  grids: readonly Grid[],
  slices: readonly TransitionSlice[],
): SolverPair[] {
  return grids.flatMap((grid) => {
    const pairs = new Map<string, { exact?: TransitionSlice; tensor?: TransitionSlice }>();
    for (const slice of slices) {
      const { solverKind, ...others } = slice.points[0]!.coordinates;
      if (slice.grid !== grid.name || (solverKind !== 'exact' && solverKind !== 'tensor')) continue;
      const name = sliceOf(withoutSolver(grid), slice.along, others);
      pairs.set(name, { ...pairs.get(name), [solverKind]: slice });
    }
    return [...pairs].flatMap(([name, { exact, tensor }]) =>
      exact === undefined || tensor === undefined ? [] : { name, exact, tensor },
    );
  });
}

/** The transitions of the slices that a grid has solved by both solvers. */
export function compareSolvers(
  grids: readonly Grid[],
  slices: readonly TransitionSlice[],
): SolverComparison[] {
  return pairsOfSolvers(grids, slices).flatMap(comparePair);
}

/** Random starts of a slice. */
export function seedsOf({ points }: TransitionSlice): number {
  return new Set(points.map(({ coordinates }) => coordinates.seed)).size;
}

function comparePair({ name: slice, exact, tensor }: SolverPair): SolverComparison[] {
  const seeds = seedsOf(tensor);
  return exact.thresholds.flatMap((threshold) => {
    const { grid, along, transition } = threshold;
    const empirical = tensor.thresholds.find((each) => each.transition === transition);
    if (empirical === undefined) return [];
    const [left, right] = [rangeOf(threshold), rangeOf(empirical)];
    const known = left !== null && right !== null;
    return {
      ...{ grid, slice, along, transition, seeds },
      exact: placeOf(threshold),
      empirical: placeOf(empirical),
      difference: known ? empirical.estimate! - threshold.estimate! : null,
      agree: known ? left[0] <= right[1] && right[0] <= left[1] : null,
    };
  });
}

function placeOf({
  lower,
  upper,
  estimate,
  interval,
  undecided,
  refusal,
}: Threshold): PlaceOfSolver {
  return { lower, upper, estimate, interval, undecided, refusal };
}

function rangeOf({ lower, upper, interval }: Threshold): Interval | null {
  return lower === null || upper === null ? interval : [lower, upper];
}

function withoutSolver(grid: Grid): Grid {
  return { ...grid, axes: grid.axes.filter(({ names }) => !names.includes('solverKind')) };
}
