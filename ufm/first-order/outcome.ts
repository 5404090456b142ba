import type { BlockLogits } from '../blocks.js';
import type { Certificate } from '../certificate.js';
import type { Iterate } from './iterate.js';
import type { WithinClassVariability } from './within-class.js';

/**
 * How first-order steps left an instance, after how many evaluations of the objective, and the best standing that a look
 * saw. `certified`: its relative gap is within the tolerance; `stagnated`: the arithmetic finds no way further down;
 * `limit`: the evaluations are used up; `diverged`: a number was not finite; `failed`: an error, and `message` says which.
 */
export type Outcome =
  | {
      readonly end: 'certified' | 'stagnated' | 'limit';
      readonly evaluations: number;
      readonly arrival: Standing;
    }
  | { readonly end: 'diverged'; readonly evaluations: number }
  | { readonly end: 'failed'; readonly evaluations: number; readonly message: string };

/** Where an instance stands, and what float64 proves there. */
export interface Standing {
  readonly iterate: Iterate;
  /** The class-mean logits, averaged over the permutations of classes inside clusters. */
  readonly blocks: BlockLogits;
  /** What the blocks prove. */
  readonly certificate: Certificate;
  /** (objective - lower bound) / objective; 1 where no bound above zero was found. */
  readonly relativeGap: number;
  /** NC1; null for class means. */
  readonly withinClass: WithinClassVariability | null;
}
