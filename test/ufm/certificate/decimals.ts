import { Decimal as AnyDecimal } from 'decimal.js';

/** Decimal numbers of 60 digits, whose exponents neither overflow nor underflow. */
export const Decimal = AnyDecimal.clone({ precision: 60, minE: -9e15, maxE: 9e15 });
export type Decimal = AnyDecimal;

export const ZERO = new Decimal(0);
export const ONE = new Decimal(1);

const bits = new DataView(new ArrayBuffer(8));
const powersOfTwo = new Map<number, Decimal>();

function powerOfTwo(exponent: number): Decimal {
  const known = powersOfTwo.get(exponent);
  if (known !== undefined) return known;
  const power = new Decimal(2).pow(exponent);
  powersOfTwo.set(exponent, power);
  return power;
}

/** The number that a float64 is; decimal.js by itself takes the shortest decimal that rounds to it. */
export function exact(x: number): Decimal {
  if (Number.isSafeInteger(x)) return new Decimal(x);
  if (!Number.isFinite(x)) throw new Error(`${x} is no number`);
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  const biased = (high >>> 20) & 0x7ff;
  const fraction = (high & 0xfffff) * 2 ** 32 + bits.getUint32(4);
  const mantissa = biased === 0 ? fraction : fraction + 2 ** 52;
  const size = new Decimal(mantissa).times(powerOfTwo(Math.max(1, biased) - 1075));
  return x < 0 ? size.neg() : size;
}

export function exactAll(values: Iterable<number>): Decimal[] {
  return Array.from(values, exact);
}

export function sum(terms: Iterable<Decimal>): Decimal {
  let total = ZERO;
  for (const term of terms) total = total.plus(term);
  return total;
}

/** ln(1 + x), with its own digits where x is small. */
export function log1p(x: Decimal): Decimal {
  if (x.abs().gt(1e-20)) return x.plus(1).ln();
  const square = x.times(x);
  return x.minus(square.div(2)).plus(square.times(x).div(3));
}

/** p ln(p / q), 0 where p is. */
export function divergenceTerm(p: Decimal, q: Decimal): Decimal {
  return p.isZero() ? ZERO : p.times(p.div(q).ln());
}

/** The singular values of an n x n matrix (row-major), descending, to some 40 digits: Jacobi rotations of its columns. */
export function singularValues(matrix: readonly Decimal[], n: number): Decimal[] {
  const columns = Array.from({ length: n }, (_, c) =>
    Array.from({ length: n }, (_, r) => matrix[r * n + c]!),
  );
  const dot = (x: readonly Decimal[], y: readonly Decimal[]) =>
    sum(x.map((e, i) => e.times(y[i]!)));
  const negligible = sum(matrix.map((e) => e.times(e))).times('1e-100');
  for (let sweep = 0, rotated = true; sweep < 60 && rotated; sweep++) {
    rotated = false;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const [x, y] = [columns[p]!, columns[q]!];
        const [xx, yy, xy] = [dot(x, x), dot(y, y), dot(x, y)];
        if (xx.lte(negligible) || yy.lte(negligible)) continue;
        if (xy.times(xy).lte(xx.times(yy).times('1e-84'))) continue;
        rotated = true;
        const zeta = yy.minus(xx).div(xy.times(2));
        const length = zeta.abs().plus(zeta.times(zeta).plus(1).sqrt());
        const tangent = (zeta.isNegative() ? ONE.neg() : ONE).div(length);
        const cos = ONE.div(tangent.times(tangent).plus(1).sqrt());
        const sin = cos.times(tangent);
        columns[p] = x.map((e, i) => cos.times(e).minus(sin.times(y[i]!)));
        columns[q] = x.map((e, i) => sin.times(e).plus(cos.times(y[i]!)));
      }
    }
  }
  return columns.map((column) => dot(column, column).sqrt()).sort((a, b) => b.comparedTo(a));
}
