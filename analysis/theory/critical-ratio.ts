/**
 * The ratio n_A / n_B from which on the minority has collapsed in the layer-peeled model of Fang, He, Long & Su (PNAS 2021,
 * arXiv:2101.12699), for cross entropy without a bias; null where none was found.
 *
 * At the optimum Z has the contrast a on the majority and a mean block s u v' of rank one, u = (-sqrt(k_B), sqrt(k_A))/sqrt(K),
 * v = (cos phi, sin phi), and the multiplier of |Z|_* <= R is the largest singular value of the loss's gradient in Z. The
 * minority is about to collapse where its own, n_B/N, is as large. With p the predictions of that Z these are
 *
 *     n_A/N (1 - p_own + p_same) = n_B/N
 *     (n_A/N sqrt(k_B K) p_BA, -n_B/N sqrt(k_A K) p_AB) = -n_B/N (cos phi, sin phi)
 *     (k_A - 1) a + s = R
 *
 * in a, s, phi and the ratio: derived from the dual problem of docs/decisions/certificate.md and no approximation.
 *
 * @param radius R = K sqrt(E_W E_H)
 */
export function criticalRatio(
  majorityClasses: number,
  minorityClasses: number,
  radius: number,
): number | null {
  const residual = (x: Unknowns) => residualAt(majorityClasses, minorityClasses, radius, x);
  const most = radius / (majorityClasses - 1);
  for (const share of STARTS_OF_CONTRAST) {
    for (const phi of STARTS_OF_PHI) {
      for (const ratio of STARTS_OF_RATIO) {
        const root = newton(residual, [share * most, phi, Math.log(ratio)]);
        if (root !== null && root[0] > 0 && root[0] < most) return Math.exp(root[2]);
      }
    }
  }
  return null;
}

/** a, phi and log(n_A / n_B). */
type Unknowns = readonly [number, number, number];

const STARTS_OF_CONTRAST = [0.7, 0.85, 0.95, 0.5];
const STARTS_OF_PHI = [1.8, 2.2, 2.6, 3];
const STARTS_OF_RATIO = [10, 100, 3, 1000, 1.5];
const MOST_STEPS = 60;
const MOST_HALVINGS = 30;
const DIFFERENCE = 1e-7;
/** Of the equations, each divided by n_B/N. */
const SOLVED = 1e-11;

function residualAt(
  kA: number,
  kB: number,
  radius: number,
  [a, phi, logRatio]: Unknowns,
): Unknowns {
  const K = kA + kB;
  const ratio = Math.exp(logRatio);
  const s = radius - (kA - 1) * a;
  const v = [Math.cos(phi), Math.sin(phi)] as const;
  const u = [-Math.sqrt(kB / K), Math.sqrt(kA / K)] as const;
  const mean = (row: 0 | 1, column: 0 | 1) => {
    const [ofRow, ofColumn] = [row === 0 ? kA : kB, column === 0 ? kA : kB];
    return (s * u[row] * v[column]) / Math.sqrt(ofRow * ofColumn);
  };
  // Differences to the logit of the own class, for a sample of the majority, and to that of the minority.
  const toOther = mean(1, 0) - mean(0, 0) - a * (1 - 1 / kA);
  const same = Math.exp(-a);
  const other = Math.exp(toOther);
  const total = 1 + (kA - 1) * same + kB * other;
  const toMajority = Math.exp(mean(0, 1) - mean(1, 1));
  const ofMinority = toMajority / (kA * toMajority + kB);
  return [
    ratio * (1 - (1 - same) / total) - 1,
    (ratio * Math.sqrt(kB * K) * other) / total + v[0],
    -Math.sqrt(kA * K) * ofMinority + v[1],
  ];
}

/** Newton's method with differences for slopes and steps that are halved until they help; null where it gets stuck. */
function newton(residual: (x: Unknowns) => Unknowns, start: Unknowns): Unknowns | null {
  let x = start;
  let r = residual(x);
  for (let step = 0; step < MOST_STEPS; step++) {
    if (sizeOf(r) < SOLVED) return x;
    const columns = [0, 1, 2].map((i) => {
      const moved = residual(
        x.map((e, j) => (i === j ? e + DIFFERENCE : e)) as unknown as Unknowns,
      );
      return moved.map((e, j) => (e - r[j]!) / DIFFERENCE) as unknown as Unknowns;
    }) as unknown as readonly [Unknowns, Unknowns, Unknowns];
    const move = solve(columns, r);
    let length = 1;
    let next = x;
    let reached = r;
    for (let halvings = 0; halvings < MOST_HALVINGS; halvings++, length /= 2) {
      next = x.map((e, i) => e - length * move[i]!) as unknown as Unknowns;
      reached = residual(next);
      if (sizeOf(reached) < sizeOf(r)) break;
    }
    if (!(sizeOf(reached) < sizeOf(r))) return null;
    [x, r] = [next, reached];
  }
  return null;
}

function sizeOf(r: Unknowns): number {
  return Math.hypot(...r);
}

/** The solution of three linear equations, by Cramer's rule. */
function solve([a, b, c]: readonly [Unknowns, Unknowns, Unknowns], r: Unknowns): Unknowns {
  const all = determinant(a, b, c);
  return [determinant(r, b, c) / all, determinant(a, r, c) / all, determinant(a, b, r) / all];
}

function determinant(a: Unknowns, b: Unknowns, c: Unknowns): number {
  return (
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
    b[0] * (a[1] * c[2] - a[2] * c[1]) +
    c[0] * (a[1] * b[2] - a[2] * b[1])
  );
}
