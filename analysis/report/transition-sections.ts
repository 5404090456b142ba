import { formatCount } from '../format.js';
import { seedsOf } from '../solver-comparison.js';
import { comparisonTable, objectiveTable, thresholdTable } from './answer-tables.js';
import { curvesFigure } from './curves.js';
import type { ReportData } from './data.js';
import { deviationFigure } from './deviation-figure.js';
import { empiricalFigure } from './empirical-figure.js';
import { objectivesOf } from './objectives.js';
import { phaseMaps } from './phase-maps.js';
import {
  byGrid,
  figures,
  MOST_SLICES,
  note,
  spread,
  undrawnCurves,
  type Section,
} from './section.js';

/** Where each transition lies, and the curves that vanish there. */
export function thresholdSection({ summary, slices }: ReportData): Section | null {
  if (summary.thresholds.length === 0) return null;
  const located = slices.filter(({ thresholds }) =>
    thresholds.some(({ refusal }) => refusal === null),
  );
  const shown = byGrid(located).flatMap((members) => spread(members, MOST_SLICES));
  const left = located.length - shown.length;
  return {
    id: 'thresholds',
    title: 'Where collapse begins',
    intro:
      'A transition lies between the last point certified on one side and the first certified on the other. The estimate extrapolates the vanishing singular value to zero, with a nominal 95 % interval whose width was calibrated on known cases; theory stands beside and is not an input. mean-1, mean-2, … are the singular values of the block between clusters, the largest first; only the last of them to vanish, mean-1, has a certificate.',
    content: [
      thresholdTable(summary.thresholds),
      figures(shown.map((slice) => () => curvesFigure(slice))) ?? '',
      undrawnCurves(left),
    ],
  };
}

/** Gradient descent from random starts beside the exact solver, where a grid has both. */
export function solverSection({ summary, solverPairs }: ReportData): Section | null {
  if (solverPairs.length === 0) return null;
  const compared = solverPairs.map((pair) => ({ pair, objectives: objectivesOf(pair) }));
  const shown = spread(compared, MOST_SLICES);
  const left = compared.length - shown.length;
  return {
    id: 'solvers',
    title: 'Gradient descent and the exact solver',
    intro:
      'The same slices solved twice: by gradient descent on W, H and b from random starts, and by the convex reduction. Differences are gradient descent minus exact. A local minimum that is not global, or a start that matters, would show here.',
    content: [
      summary.comparisons.length === 0 ? '' : comparisonTable(summary.comparisons),
      objectiveTable(
        compared.map(({ pair, objectives }) => ({
          ...objectives,
          grid: pair.exact.grid,
          slice: pair.name,
          seeds: seedsOf(pair.tensor),
        })),
      ),
      figures(
        shown.flatMap(({ pair, objectives }) => [
          () => empiricalFigure(pair),
          () => deviationFigure(pair, objectives.pairs),
        ]),
      ) ?? '',
      left > 0 ? note(`${formatCount(left, 'more slice')} are not drawn.`) : '',
    ],
  };
}

/** The phases over two axes. */
export function phaseSection({ slices }: ReportData): Section | null {
  const content = figures(byGrid(slices).flatMap(phaseMaps));
  return content === null ? null : { id: 'phases', title: 'Phases', intro: '', content };
}
