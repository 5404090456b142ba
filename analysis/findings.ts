import type { Grid } from '../study/study.js';
import type { LimitSeries } from './large-samples.js';
import { ratioLaws } from './ratio-law.js';
import { compareSolvers } from './solver-comparison.js';
import { refusalsOf, type AnalysisSummary } from './summary.js';
import { thresholdLaws } from './threshold-law.js';
import type { TransitionSlice } from './thresholds.js';

/** All that the transitions and the large-sample limits of a study say, slice by slice and over all slices. */
export type Findings = Pick<
  AnalysisSummary,
  'thresholds' | 'laws' | 'ratioLaws' | 'comparisons' | 'limits' | 'refusals'
>;

/** Puts the answers together that the slices of the grids and their large-sample series give. */
export function findingsOf(
  grids: readonly Grid[],
  slices: readonly TransitionSlice[],
  series: readonly LimitSeries[],
): Findings {
  const answers = {
    thresholds: slices.flatMap(({ thresholds }) => thresholds),
    laws: thresholdLaws(slices),
    ratioLaws: ratioLaws(slices),
    limits: series.map(({ limit }) => limit),
  };
  return {
    ...answers,
    comparisons: compareSolvers(grids, slices),
    refusals: refusalsOf(answers),
  };
}
