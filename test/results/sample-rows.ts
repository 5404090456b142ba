import type { Cluster, Instance } from '../../study/instance.js';
import type { Row } from '../../results/row.js';
import type { Solution } from '../../ufm/solution.js';

/** A row to write: its numbers are of the right form, and tell rows apart, but solve nothing. */
export function sampleRow(
  index: number,
  change: { readonly instance?: Partial<Instance>; readonly solution?: Partial<Solution> } = {},
): Row {
  const instance: Instance = {
    clusters: [
      [3, 500 + index],
      [7, 100],
    ],
    lambdaW: 0.004,
    lambdaH: 0.009,
    lambdaB: 0.02,
    featureDimension: 10,
    form: 'class-means',
    solver: 'tensor',
    tolerance: 1e-6,
    polish: true,
    seed: index % 2 === 0 ? index : null,
    ...change.instance,
  };
  return {
    key: index.toString(16).padStart(64, '0'),
    instance,
    solution: { ...sampleSolution(instance.clusters, index), ...change.solution },
    provenance: {
      attempt: 1,
      worker: 'worker-1',
      codeVersion: '0.1.0',
      numericalVersion: 1,
      specHash: 'abc123',
      solvedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, 0, index)),
    },
  };
}

function sampleSolution(clusters: readonly Cluster[], index: number): Solution {
  const objective = 2 + index / 7;
  const gap = 1e-7;
  const cosines = clusters.map((_, i) =>
    clusters.map(([classes], j) => (i === j ? (classes === 1 ? null : -0.5 / (i + 1)) : 0.25)),
  );
  const perCluster = clusters.map((_, j) => index + j / 3);
  return {
    status: 'certified',
    objective,
    lowerBound: objective - gap,
    gap,
    relativeGap: gap / objective,
    relativeGapBeforePolish: null,
    rank: 2,
    singularValues: [15.2, 15.1, 0],
    contrasts: clusters.map(([classes], j) => (classes === 1 ? null : j)),
    collapsed: clusters.map(([classes], j) => (classes === 1 ? null : j === clusters.length - 1)),
    meanCollapsed: false,
    cosW: cosines,
    cosH: cosines,
    cosZ: cosines,
    normW: perCluster,
    normH: perCluster,
    normZ: perCluster,
    bias: perCluster,
    withinClassVariability: null,
    withinClassVariabilityPinv: null,
    etfDistanceW: 0.1,
    etfDistanceH: 0.2,
    etfDistanceZ: 0.3,
    seliDistanceW: 0.11,
    seliDistanceH: 0.12,
    seliDistanceZ: 0.13,
    orthogonalDistanceW: 0.21,
    orthogonalDistanceH: 0.22,
    orthogonalDistanceZ: 0.23,
    selfDualityDistance: 0.31,
    iterations: 50 + index,
    polishIterations: 0,
    seconds: 0.001,
    backend: 'wasm',
    device: 'cpu',
    message: null,
  };
}
