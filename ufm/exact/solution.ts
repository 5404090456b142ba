import type { BlockLogits } from '../blocks.js';

/** Where an exact solver ended. */
export interface ExactSolution {
  readonly blocks: BlockLogits;
  /** Newton steps. */
  readonly iterations: number;
}
