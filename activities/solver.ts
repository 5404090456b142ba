import type { Instance } from '../study/instance.js';
import type { Solution } from '../ufm/solution.js';
import type { PartTask, SolvedPart } from './solve-part.js';

/**
 * Solves instances away from the event loop of its caller, which goes on heartbeating. The signal of a task stops it
 * within a second or so; its promise then rejects. `onEnded` gets the number of instances that have ended since it was
 * called last.
 */
export interface Solver {
  /** How many tasks it works on at the same time. */
  readonly lanes: number;
  /** Solves a batch of instances of one shape. */
  solve(
    instances: readonly Instance[],
    signal: AbortSignal,
    onEnded: (count: number) => void,
  ): Promise<readonly Solution[]>;
  /** See `solvePart`. */
  solvePart(
    task: PartTask,
    signal: AbortSignal,
    onEnded: (count: number) => void,
  ): Promise<SolvedPart>;
}
