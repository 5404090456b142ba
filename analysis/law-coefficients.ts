import type { BracketedFit, FittedCoefficient } from './bracketed-fit.js';
import type { Crossing } from './crossings.js';
import { formatNumber } from './format.js';
import { VARIABLES, type Variable } from './law-variables.js';
import type { Interval } from './order-parameter.js';

/** What a coefficient of a law belongs to. */
export type LawTerm = 'constant' | 'samples_total' | 'cluster_samples';

/** The same for people. */
export const TERM_NAMES: Readonly<Record<LawTerm, string>> = {
  constant: 'constant',
  samples_total: 'exponent of N',
  cluster_samples: 'exponent of n',
};

/** The factor of a law, or the exponent of one of its variables. */
export interface LawCoefficient {
  readonly of: LawTerm;
  /** Null when refused, as are the other numbers. */
  readonly estimate: number | null;
  /** Nominal 95 %. */
  readonly interval: Interval | null;
  /** Of all power laws between the certified points, up to the linear program's rounding; null also where nothing bounds it. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** What theory says, beside. */
  readonly theory: number | null;
  readonly refusal: string | null;
}

/** The constant and the exponents as they were fitted; a variable that held still has its power in the constant. */
export function coefficientsOf(
  crossings: readonly Crossing[],
  moving: readonly Variable[],
  fit: BracketedFit | null,
  refusal: string | null,
): LawCoefficient[] {
  const held = VARIABLES.filter((variable) => !moving.includes(variable));
  const heldFactor = held.reduce((product, { at, theory }) => {
    const logs = crossings.map(({ likely }) => Math.log(at(likely)));
    return product * Math.exp((theory * logs.reduce((a, b) => a + b)) / logs.length);
  }, 1);
  const constant = { of: 'constant', theory: heldFactor } as const;
  return [
    shownCoefficient(constant, fit?.coefficients[0], Math.exp, refusal),
    ...VARIABLES.map((variable) => {
      const { symbol, at } = variable;
      const still = `${symbol} is ${formatNumber(at(crossings[0]!.likely))} in all slices: its exponent is part of the constant`;
      const index = moving.indexOf(variable);
      const found = index < 0 ? undefined : fit?.coefficients[index + 1];
      return shownCoefficient(variable, found, (exponent) => exponent, refusal ?? still);
    }),
  ];
}

function shownCoefficient(
  { of, theory }: Pick<LawCoefficient, 'of' | 'theory'>,
  found: FittedCoefficient | undefined,
  shown: (value: number) => number,
  refusal: string | null,
): LawCoefficient {
  if (found === undefined) {
    return { of, theory, estimate: null, interval: null, lower: null, upper: null, refusal };
  }
  return {
    of,
    theory,
    estimate: shown(found.estimate),
    interval: [shown(found.interval[0]), shown(found.interval[1])],
    lower: found.lower === null ? null : shown(found.lower),
    upper: found.upper === null ? null : shown(found.upper),
    refusal: null,
  };
}
