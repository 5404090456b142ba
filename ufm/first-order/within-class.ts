import type { Instance } from '../../study/instance.js';
import { singularValues } from '../linear-algebra/singular-values.js';
import type { BalancedProblem } from './balance.js';
import type { Vector } from './engine.js';
import { layOut } from './layout.js';

/** NC1: how much features vary within their class, against how much class means vary. */
export interface WithinClassVariability {
  /** tr(Sw) / tr(Sb); Infinity where the class means coincide. */
  readonly traceRatio: number;
  /** tr(Sw pinv(Sb)) / K (Papyan, Han & Donoho, PNAS 2020), eigenvalues of Sb below 1e-6 of the largest dropped. */
  readonly pseudoinverse: number;
}

/** Past collapse Sb loses rank, and its smallest eigenvalues divide noise by noise: they do not count. */
const LEAST_EIGENVALUE = 1e-6;

/**
 * NC1 of the features of one instance's vector: Sw = 1/N sum (h - mean of its class)(...)^T, Sb = 1/K sum over classes
 * (class mean - mean of all samples)(...)^T. Null for class means, which do not vary. Both measures are free of a scale
 * that all features share, so the balanced ones serve once they have the scales of their classes.
 */
export function withinClassVariability(
  instance: Instance,
  problem: BalancedProblem,
  vector: Vector,
): WithinClassVariability | null {
  if (instance.form === 'class-means') return null;
  const { classes, features, rows } = layOut(problem);
  const samples = scaledFeatures(problem, vector);
  const within = new Float64Array(features * features);
  const between = new Float64Array(features * features);
  const ofAll = meanOfRows(samples, 0, rows, features);
  let row = 0;
  for (let k = 0; k < classes; k++) {
    const offset = row * features;
    const count = problem.rowsOfClass[k]!;
    const mean = meanOfRows(samples, offset, count, features);
    for (let i = 0; i < count; i++) {
      addOuterProduct(within, samples.subarray(offset + i * features), mean, 1 / rows);
    }
    addOuterProduct(between, mean, ofAll, 1 / classes);
    row += count;
  }
  return {
    traceRatio: trace(within, features) / trace(between, features),
    pseudoinverse: traceOverPseudoinverse(within, between, features) / classes,
  };
}

/** The features of the samples, row by row, in the scales that they have beside one another. */
function scaledFeatures(problem: BalancedProblem, vector: Vector): Vector {
  const { features, featureOffset, end } = layOut(problem);
  const { scaleOfClass, rowsOfClass } = problem;
  const balanced = vector.subarray(featureOffset, end);
  if (scaleOfClass.every((scale) => scale === 1)) return balanced;
  const scaled = Float64Array.from(balanced);
  let position = 0;
  scaleOfClass.forEach((scale, k) => {
    const end = position + rowsOfClass[k]! * features;
    for (; position < end; position++) scaled[position]! *= scale;
  });
  return scaled;
}

function meanOfRows(vector: Vector, offset: number, rows: number, features: number) {
  const mean = new Float64Array(features);
  for (let i = 0; i < rows; i++) {
    for (let t = 0; t < features; t++) mean[t]! += vector[offset + i * features + t]! / rows;
  }
  return mean;
}

/** Adds weight (x - center)(x - center)^T. */
function addOuterProduct(
  matrix: Float64Array,
  x: Vector,
  center: Float64Array,
  weight: number,
): void {
  const features = center.length;
  for (let t = 0; t < features; t++) {
    const left = weight * (x[t]! - center[t]!);
    for (let u = 0; u < features; u++) matrix[t * features + u]! += left * (x[u]! - center[u]!);
  }
}

function trace(matrix: Float64Array, n: number): number {
  let sum = 0;
  for (let t = 0; t < n; t++) sum += matrix[t * n + t]!;
  return sum;
}

/** tr(within pinv(between)) by the eigenvectors of `between`, which is symmetric. */
function traceOverPseudoinverse(within: Float64Array, between: Float64Array, n: number): number {
  const { values, right } = singularValues(between, n);
  let sum = 0;
  values.forEach((eigenvalue, r) => {
    if (!(eigenvalue > LEAST_EIGENVALUE * values[0]!)) return;
    const vector = right.subarray(r * n, (r + 1) * n);
    let form = 0;
    for (let t = 0; t < n; t++) {
      for (let u = 0; u < n; u++) form += vector[t]! * within[t * n + u]! * vector[u]!;
    }
    sum += form / eigenvalue;
  });
  return sum;
}
