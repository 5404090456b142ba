import type { Instance } from '../study/instance.js';
import type { Solution } from '../ufm/solution.js';

/** Solves instances away from the event loop of its caller, which goes on heartbeating. */
export interface Solver {
  /** How many batches it solves at the same time. */
  readonly lanes: number;
  /**
   * Solves a batch of instances of one shape.
   *
   * @param signal stops the solving within a second or so; the promise then rejects
   * @param onEnded gets the number of instances that have ended since it was called last
   */
  solve(
    instances: readonly Instance[],
    signal: AbortSignal,
    onEnded: (count: number) => void,
  ): Promise<readonly Solution[]>;
}
