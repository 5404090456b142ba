/** The probability that every interval of the analysis is stated for. */
export const COVERAGE = 0.95;

const NORMAL_QUANTILE = 1.959963984540054;
const FEW_DEGREES = [Infinity, 12.706204736432095, 4.302652729911275, 3.182446305284263];

/**
 * The factor by which a standard error grows into a two-sided 95 % interval with few degrees of freedom: the 97.5 %
 * quantile of Student's t, from the Cornish-Fisher expansion (Abramowitz & Stegun 26.7.5), good to 1e-3 from 4
 * degrees on, and tabulated below.
 *
 * @param degrees degrees of freedom, an integer >= 0; 0 gives Infinity: nothing is known of the scatter.
 */
export function studentQuantile(degrees: number): number {
  const tabulated = FEW_DEGREES[degrees];
  if (tabulated !== undefined) return tabulated;
  const z = NORMAL_QUANTILE;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ];
  return terms.reduce((sum, term, i) => sum + term / degrees ** (i + 1), z);
}
