/** The half-space of all x with normal . x <= offset. */
export interface HalfSpace {
  readonly normal: readonly number[];
  readonly offset: number;
}

/** How far outside a half-space of unit normal a point may lie by rounding. */
const ROUNDING = 1e-12;
/** An entry of a unit normal below this is rounding: the plane is parallel to the axis. */
const PARALLEL = 1e-14;
/** Consecutive half-spaces come from neighbours, so they are taken in an order that jumps about. */
const STRIDE = 0.6180339887498949;

/**
 * The point of largest objective . x in the cube |x_j| <= size and in every half-space; null when they have no point
 * in common. A constraint is looked at once: where the best point so far breaks it, the new one lies on its plane, which
 * is the same problem with one variable less (Seidel, 1991). Meant for a handful of variables and thousands of
 * half-spaces.
 */
export function maximise(
  objective: readonly number[],
  constraints: readonly HalfSpace[],
  size: number,
): number[] | null {
  const cube = objective.flatMap((_, j): HalfSpace[] =>
    [1, -1].map((sign) => ({
      normal: objective.map((_, k) => (k === j ? sign : 0)),
      offset: size,
    })),
  );
  return solve(objective, [...cube, ...scattered(constraints.map(withUnitNormal))], size);
}

/** The constraints of the cube stand first; so they do on every plane, one dimension down. */
function solve(
  objective: readonly number[],
  constraints: readonly HalfSpace[],
  size: number,
): number[] | null {
  if (objective.length === 1) return solveOnLine(objective[0]!, constraints);
  let best: number[] = objective.map((slope) => (slope >= 0 ? size : -size));
  for (let i = 2 * objective.length; i < constraints.length; i++) {
    const plane = constraints[i]!;
    if (dot(plane.normal, best) <= plane.offset + ROUNDING) continue;
    const largest = Math.max(...plane.normal.map(Math.abs));
    const pivot = plane.normal.findIndex((entry) => Math.abs(entry) === largest);
    if (largest === 0) return null;
    const reduced = constraints.slice(0, i).map((other) => onPlane(other, plane, pivot));
    const { normal: slopes } = onPlane({ normal: objective, offset: 0 }, plane, pivot);
    const found = solve(slopes, reduced, size);
    if (found === null) return null;
    const others = plane.normal.filter((_, j) => j !== pivot);
    best = found.toSpliced(pivot, 0, (plane.offset - dot(others, found)) / plane.normal[pivot]!);
  }
  return best;
}

function solveOnLine(slope: number, constraints: readonly HalfSpace[]): number[] | null {
  let [low, high] = [-Infinity, Infinity];
  for (const { normal, offset } of constraints) {
    const entry = normal[0]!;
    if (entry > PARALLEL) high = Math.min(high, offset / entry);
    else if (entry < -PARALLEL) low = Math.max(low, offset / entry);
    else if (offset < -ROUNDING) return null;
  }
  if (low > high + ROUNDING * Math.max(1, Math.abs(low))) return null;
  return [slope >= 0 ? high : low];
}

/** A half-space seen from inside a plane, with the variable that the plane fixes left out. */
function onPlane({ normal, offset }: HalfSpace, plane: HalfSpace, pivot: number): HalfSpace {
  const share = normal[pivot]! / plane.normal[pivot]!;
  return {
    normal: normal
      .map((entry, j) => entry - share * plane.normal[j]!)
      .filter((_, j) => j !== pivot),
    offset: offset - share * plane.offset,
  };
}

function withUnitNormal({ normal, offset }: HalfSpace): HalfSpace {
  const length = Math.hypot(...normal);
  return length === 0
    ? { normal, offset }
    : { normal: normal.map((entry) => entry / length), offset: offset / length };
}

function scattered<T>(values: readonly T[]): T[] {
  return values
    .map((value, i) => ({ value, place: (i * STRIDE) % 1 }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, entry, i) => sum + entry * b[i]!, 0);
}
