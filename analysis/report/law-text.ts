import { formatCount, formatInterval, formatNumber } from '../format.js';
import type { LawCoefficient, LawTerm } from '../law-coefficients.js';
import type { ThresholdLaw } from '../threshold-law.js';

/** `lambda = 1.000 N^-1.000 n^0.5000`. */
export function lawText({ coefficients }: ThresholdLaw): string {
  const of = (term: LawTerm): LawCoefficient => coefficients.find((each) => each.of === term)!;
  const power = (symbol: string, { estimate }: LawCoefficient): string =>
    estimate === null ? '' : ` ${symbol}^${estimate.toFixed(4)}`;
  return `lambda = ${formatNumber(of('constant').estimate)}${power('N', of('samples_total'))}${power('n', of('cluster_samples'))}`;
}

/** What certified points and scatter say of the law, in a sentence or two. */
export function verdictText({ possible, scatter, reduced, unplaced }: ThresholdLaw): string {
  const power =
    possible === false
      ? 'No power law of N and n passes between the certified points.'
      : `A power law passes between the certified points; the residuals are ${formatNumber(scatter)} times what the slices’ own intervals let expect.`;
  const paper =
    reduced === null
      ? 'That lambda N / √n is one number is ruled out.'
      : `All slices may have it at one value of lambda N / √n, between ${formatInterval(reduced)}.`;
  const left = unplaced === 0 ? '' : ` ${formatCount(unplaced, 'slice')} without this transition.`;
  return `${power} ${paper}${left}`;
}
