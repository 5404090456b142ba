import type { Instance } from '../../study/instance.js';
import type { Certificate } from '../certificate.js';
import type { Geometry } from '../geometry.js';

/** Where a solver ended in float64, whatever the model, and what is proved there. */
export interface Solved {
  readonly objective: number;
  readonly certificate: Certificate;
  readonly geometry: Geometry;
  /** Steps of the search; 0 for a closed form. */
  readonly iterations: number;
  /** With fewer features than the first the optimum is another; the second are enough for the one that was solved. */
  readonly features: { readonly least: number; readonly enough: number };
  /** Why the gap is above the tolerance, and what to do, where the solver knows; null elsewhere. */
  readonly reasonForGap: string | null;
}

/** The features of a model whose optimum in Z takes as many as its rank. */
export function featuresForRank(
  { rank }: Geometry,
  { leastRank, rankBound }: Certificate,
): Solved['features'] {
  return { least: Math.max(rank, leastRank), enough: rankBound };
}

/** Solves an instance whose names go together; see `misfitOf`. */
export type Solver = (instance: Instance) => Solved;
