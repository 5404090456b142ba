import type { Instance } from '../../study/instance.js';
import { solveFamily } from './family.js';
import { solveFixedEtf } from './fixed-etf/solve.js';
import { solveNonnegative } from './nonnegative/solve.js';
import { solveNormBounds } from './norm-bounds/solve.js';
import { solveSquaredError } from './squared-error/solve.js';
import type { Solver } from './solved.js';

/** The solver of an instance's model, in float64. */
export function solverOf(instance: Instance): Solver {
  if (instance.loss === 'squared-error') return solveSquaredError;
  if (instance.features === 'nonnegative') return solveNonnegative;
  if (instance.classifier === 'fixed-etf') return solveFixedEtf;
  if (instance.boundW !== undefined || instance.boundH !== undefined) return solveNormBounds;
  return solveFamily;
}
