import type { ConvexProblem } from '../problem.js';
import { roundDown, roundUp } from './rounding.js';

/** The problem's lambda carries the roundings of two roots and a product. */
const OPERATIONS = 3;

/** A number that sqrt(lambdaW lambdaH) does not fall below. */
export function lowerLambda({ lambda }: ConvexProblem): number {
  return roundDown(lambda, OPERATIONS);
}

/** A number that sqrt(lambdaW lambdaH) does not exceed. */
export function upperLambda({ lambda }: ConvexProblem): number {
  return roundUp(lambda, OPERATIONS);
}

/**
 * What A(P) and lambda are both multiplied by before they are compared: a power of two, so that nothing is rounded, and
 * large enough that the squares of numbers as small as lambda do not underflow.
 */
export function unitOf({ lambda }: ConvexProblem): number {
  return lambda < 2 ** -300 ? 2 ** 700 : 1;
}
