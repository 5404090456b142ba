const MOST_STEPS = 60;

/** p > 0 with log p + tau p = r, tau >= 0: W(tau e^r) / tau with Lambert's W, without the exponential. */
export function productLog(r: number, tau: number): number {
  if (tau === 0) return Math.exp(r);
  const v = r + Math.log(tau);
  // W(e^v) is at least v - log v from v = 1 on; Newton's steps on a convex function come from above after the first.
  let y = v < 1 ? r : Math.log((v - Math.log(v)) / tau);
  for (let step = 0; step < MOST_STEPS; step++) {
    const p = tau * Math.exp(y);
    const move = (y + p - r) / (1 + p);
    y -= move;
    if (Math.abs(move) <= 4e-16 * Math.max(1, Math.abs(y))) break;
  }
  return Math.exp(y);
}
