import { formatCount, formatEnds, formatWithin } from '../format.js';
import type { AnalysisSummary } from '../summary.js';

/** What was found, in one paragraph of numbers. */
export function leadText({ thresholds, limits, points, refusals }: AnalysisSummary): string {
  const sentences = [
    `${formatCount(points.certified, 'point')} of ${points.planned.toLocaleString('en')} solved with a certificate.`,
    ...minorityText(thresholds),
  ];
  const answered = limits.filter(({ refusal }) => refusal === null);
  if (answered.length > 0) {
    const excluded = answered.filter(({ consistentWithEtf }) => consistentWithEtf === false).length;
    sentences.push(
      `As samples grow, ${answered.length - excluded} of ${answered.length} quantities may tend to the simplex ETF; for ${excluded} the data exclude it.`,
    );
  }
  if (refusals.length > 0) {
    sentences.push(`${formatCount(refusals.length, 'question')} could not be answered.`);
  }
  return sentences.join(' ');
}

function minorityText(thresholds: AnalysisSummary['thresholds']): string[] {
  const minority = thresholds.filter(
    ({ transition, refusal }) => transition === 'minority-collapse' && refusal === null,
  );
  const [first] = minority;
  if (first === undefined) return [];
  const width = first.interval![1] - first.interval![0];
  const where =
    minority.length === 1
      ? `The minority collapses at ${first.along} ${formatWithin(first.estimate, width)} (certified between ${formatEnds(first.lower, first.upper)}).`
      : `The minority collapse was located in ${formatCount(minority.length, 'slice')}.`;
  const farthest = minority.reduce(
    (most: number | null, { difference, theory }) =>
      difference === null || theory === null
        ? most
        : Math.max(most ?? 0, Math.abs(difference / theory)),
    null,
  );
  return farthest === null
    ? [where]
    : [where, `Estimates lie within ${Number((100 * farthest).toPrecision(2))} % of theory.`];
}
