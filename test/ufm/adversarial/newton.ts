import { Decimal, log1p, ONE, sum, ZERO } from '../certificate/decimals.js';

/** w ln(1 + sum count exp(form . x)), a cross entropy. */
export interface TrueLoss {
  readonly weight: Decimal;
  readonly terms: readonly { readonly count: Decimal; readonly form: readonly Decimal[] }[];
}

/** A sum of cross entropies, prices . x, half of sum squares x^2, and lambda sqrt(sum masses x^2), which is smooth off 0. */
export interface TrueSum {
  readonly losses: readonly TrueLoss[];
  readonly prices: readonly Decimal[];
  readonly squares: readonly Decimal[];
  readonly masses: readonly Decimal[];
  readonly lambda: Decimal;
}

interface Expansion {
  readonly value: Decimal;
  readonly gradient: Decimal[];
  readonly hessian: Decimal[][];
}

const MOST_ITERATIONS = 150;
const LONGEST_STEP = 20;

/** The minimum to some 45 digits by damped Newton steps; null when they do not arrive. */
export function minimum(
  objective: TrueSum,
  start: readonly Decimal[],
): { readonly x: Decimal[]; readonly value: Decimal } | null {
  let x = [...start];
  let at = expand(objective, x);
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const step = solve(
      at.hessian,
      at.gradient.map((g) => g.neg()),
    );
    if (step === null) return null;
    const decrement = sum(step.map((s, i) => s.times(at.gradient[i]!))).neg();
    if (decrement.abs().lte(at.value.times('1e-46'))) return { x, value: at.value };
    if (decrement.lt(0)) return null;
    const longest = step.reduce((most, s) => Decimal.max(most, s.abs()), ZERO);
    let length = longest.gt(LONGEST_STEP) ? new Decimal(LONGEST_STEP).div(longest) : ONE;
    for (let halvings = 0; ; halvings++, length = length.div(3)) {
      if (halvings > 60) return null;
      const trial = x.map((e, i) => e.plus(step[i]!.times(length)));
      const there = expand(objective, trial);
      if (there.value.lte(at.value.minus(decrement.times(length).times('1e-4')))) {
        x = trial;
        at = there;
        break;
      }
    }
  }
  return null;
}

function expand(
  { losses, prices, squares, masses, lambda }: TrueSum,
  x: readonly Decimal[],
): Expansion {
  let value = sum(x.map((e, i) => e.times(prices[i]!.plus(squares[i]!.times(e).div(2)))));
  const gradient = x.map((e, i) => prices[i]!.plus(squares[i]!.times(e)));
  const hessian = x.map((_, i) => x.map((_, j) => (i === j ? squares[i]! : ZERO)));
  for (const { weight, terms } of losses) {
    const sizes = terms.map(({ count, form }) =>
      count.times(sum(form.map((f, i) => f.times(x[i]!))).exp()),
    );
    const others = sum(sizes);
    value = value.plus(weight.times(log1p(others)));
    const shares = sizes.map((size) => size.div(others.plus(1)));
    const slope = x.map((_, i) => sum(shares.map((p, t) => p.times(terms[t]!.form[i]!))));
    for (let i = 0; i < x.length; i++) {
      gradient[i] = gradient[i]!.plus(weight.times(slope[i]!));
      for (let j = 0; j < x.length; j++) {
        const second = sum(
          shares.map((p, t) => p.times(terms[t]!.form[i]!).times(terms[t]!.form[j]!)),
        );
        const bend = weight.times(second.minus(slope[i]!.times(slope[j]!)));
        hessian[i]![j] = hessian[i]![j]!.plus(bend);
      }
    }
  }
  const norm = sum(x.map((e, i) => masses[i]!.times(e).times(e))).sqrt();
  if (norm.isZero()) return { value, gradient, hessian };
  const pulls = x.map((e, i) => masses[i]!.times(e).div(norm));
  for (let i = 0; i < x.length; i++) {
    gradient[i] = gradient[i]!.plus(lambda.times(pulls[i]!));
    for (let j = 0; j < x.length; j++) {
      const own = i === j ? masses[i]! : ZERO;
      const bend = own.minus(pulls[i]!.times(pulls[j]!)).div(norm);
      hessian[i]![j] = hessian[i]![j]!.plus(lambda.times(bend));
    }
  }
  return { value: value.plus(lambda.times(norm)), gradient, hessian };
}

/** Gaussian elimination with pivots; null where the matrix is singular. */
function solve(
  matrix: readonly (readonly Decimal[])[],
  right: readonly Decimal[],
): Decimal[] | null {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const n = rows.length;
  for (let p = 0; p < n; p++) {
    let best = p;
    for (let i = p + 1; i < n; i++) if (rows[i]![p]!.abs().gt(rows[best]![p]!.abs())) best = i;
    [rows[p], rows[best]] = [rows[best]!, rows[p]!];
    if (rows[p]![p]!.isZero()) return null;
    for (let i = p + 1; i < n; i++) {
      const factor = rows[i]![p]!.div(rows[p]![p]!);
      if (factor.isZero()) continue;
      rows[i] = rows[i]!.map((e, j) => (j < p ? e : e.minus(factor.times(rows[p]![j]!))));
    }
  }
  const x = new Array<Decimal>(n).fill(ZERO);
  for (let i = n - 1; i >= 0; i--) {
    const rest = sum(x.slice(i + 1).map((e, j) => e.times(rows[i]![i + 1 + j]!)));
    x[i] = rows[i]![n]!.minus(rest).div(rows[i]![i]!);
  }
  return x;
}
