/** A point of the problem, or a direction: mean block (J x J, row-major), contrasts and bias (J values each). */
export interface BlockVariables {
  readonly mean: Float64Array;
  readonly contrast: Float64Array;
  readonly bias: Float64Array;
  /** All of them, one after the other, in the same memory. */
  readonly all: Float64Array;
}

export function zeroVariables(J: number): BlockVariables {
  const all = new Float64Array(J * J + 2 * J);
  return {
    mean: all.subarray(0, J * J),
    contrast: all.subarray(J * J, J * J + J),
    bias: all.subarray(J * J + J),
    all,
  };
}

/** a . b */
export function dot({ all: a }: BlockVariables, { all: b }: BlockVariables): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** to = scale * to + factor * by */
export function combine(
  { all: to }: BlockVariables,
  scale: number,
  factor: number,
  { all: by }: BlockVariables,
): void {
  for (let i = 0; i < to.length; i++) to[i] = scale * to[i]! + factor * by[i]!;
}

/** to += a * b, entry by entry */
export function addProducts(
  { all: to }: BlockVariables,
  { all: a }: BlockVariables,
  { all: b }: BlockVariables,
): void {
  for (let i = 0; i < to.length; i++) to[i]! += a[i]! * b[i]!;
}

export function copy(from: BlockVariables, to: BlockVariables): void {
  to.all.set(from.all);
}
