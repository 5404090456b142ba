/** A point of the problem, or a direction: mean block (J x J, row-major), contrasts and bias (J values each). */
export interface BlockVariables {
  readonly mean: Float64Array;
  readonly contrast: Float64Array;
  readonly bias: Float64Array;
}

export function zeroVariables(J: number): BlockVariables {
  return {
    mean: new Float64Array(J * J),
    contrast: new Float64Array(J),
    bias: new Float64Array(J),
  };
}

/** a . b */
export function dot(a: BlockVariables, b: BlockVariables): number {
  return product(a.mean, b.mean) + product(a.contrast, b.contrast) + product(a.bias, b.bias);
}

/** to += factor * by */
export function add(to: BlockVariables, factor: number, by: BlockVariables): void {
  addTo(to.mean, factor, by.mean);
  addTo(to.contrast, factor, by.contrast);
  addTo(to.bias, factor, by.bias);
}

export function copy(from: BlockVariables, to: BlockVariables): void {
  to.mean.set(from.mean);
  to.contrast.set(from.contrast);
  to.bias.set(from.bias);
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addTo(to: Float64Array, factor: number, by: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * by[i]!;
}
