const MOST_STEPS = 200;

/**
 * Where an increasing function of unknown slope is zero between `least`, where it is not positive, and `most`, from a start
 * between them: steps away from it until the root is enclosed, and then secants whose stale end is halved (Dowell & Jarratt's
 * Illinois method, BIT 11, 1971), which neither kinks nor jumps lead astray. The nearer end where the function jumps.
 */
export function rootOfIncreasing(
  f: (x: number) => number,
  least: number,
  start: number,
  most: number,
): number {
  let low = { x: least, value: -Infinity };
  let high = { x: most, value: Infinity };
  let x = start;
  let reach = 0.5;
  let side = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    const value = f(x);
    if (value === 0) return x;
    const isHigh = value > 0;
    if (isHigh) high = { x, value };
    else low = { x, value };
    if (side === (isHigh ? 1 : -1)) {
      if (isHigh && low.value > -Infinity) low = { ...low, value: low.value / 2 };
      if (!isHigh && high.value < Infinity) high = { ...high, value: high.value / 2 };
    }
    side = isHigh ? 1 : -1;
    if (high.x - low.x <= 4 * Number.EPSILON * Math.abs(x)) break;
    if (high.value === Infinity) x = Math.min(low.x + (reach *= 2), (low.x + most) / 2);
    else if (low.value === -Infinity) x = Math.max(high.x - (reach *= 2), (high.x + least) / 2);
    else {
      x = high.x - (high.value * (high.x - low.x)) / (high.value - low.value);
      if (!(x > low.x && x < high.x)) x = (low.x + high.x) / 2;
    }
  }
  return -low.value < high.value ? low.x : high.x;
}
