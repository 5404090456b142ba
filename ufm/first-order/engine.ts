import type { BalancedProblem } from './balance.js';
import type { Move, Observation } from './descent.js';

/** The variables of an instance as an engine keeps them; see `Layout`. */
export type Vector = Float32Array | Float64Array;

/**
 * What evaluates and moves the vectors of first-order steps. Engines differ in where and how precisely they compute, and
 * in nothing else: starts, decisions and certificates are the same for all.
 */
export interface Engine {
  /** What rounding may change of an objective, relative to it. */
  readonly rounding: number;
  /** Bytes that one batch should take at most. */
  readonly mostBytes: number;
  /** Bytes that a problem takes in a batch, at most. */
  readonly bytesOf: (problem: BalancedProblem) => number;
  /**
   * A batch of problems of one shape, each at its own start.
   *
   * @throws Error when they do not fit on the device.
   */
  readonly begin: (problems: readonly BalancedProblem[], starts: readonly Float64Array[]) => Batch;
}

/** The vectors of problems under way; place i of what a batch is told and tells belongs to its i-th problem. */
export interface Batch {
  /** Evaluates every problem where it stands. */
  observe(): Promise<readonly Observation[]>;
  /** Makes the move that follows for every problem, from what was observed last. */
  move(moves: readonly Move[]): void;
  /** The variables, valid until the next move. */
  read(): Promise<readonly Vector[]>;
  /** Goes on with the problems at these places only, in ascending order. */
  keep(places: readonly number[]): void;
  /** Frees what the batch holds on its device. */
  dispose(): void;
}
