import type { TransitionPoint } from '../../analysis/slices.js';
import { canonicalClusters } from '../../study/canonical.js';
import type { Cluster } from '../../study/instance.js';
import type { AxisName, Coordinates, Grid } from '../../study/study.js';
import { predictedThreshold } from '../../study/theory.js';

/**
 * A point with the phases of the model and curves of the right shape: each contrast vanishes linearly at its
 * threshold, the mean block at the geometric mean of the two. Certificates decide beyond a relative distance of 1e-6.
 */
export function syntheticPoint(
  stated: readonly Cluster[],
  lambda: number,
  along: AxisName,
  coordinates: Coordinates,
): TransitionPoint {
  const clusters = canonicalClusters(stated);
  const thresholds = clusters.map((_, j) => predictedThreshold({ clusters }, j));
  const contrasts = clusters.map(([classes], j) =>
    classes < 2 ? null : vanishing(lambda, thresholds[j]!),
  );
  const meanThreshold = Math.sqrt(thresholds[0]! * thresholds.at(-1)!);
  const within = clusters.reduce(
    (sum, [classes], j) => sum + (classes - 1) * (contrasts[j] ?? 0),
    0,
  );
  return {
    key: JSON.stringify([clusters, lambda, coordinates]),
    objective: 1,
    relativeGap: 1e-9,
    coordinates,
    x: coordinates[along] as number,
    clusters,
    lambda,
    lambdaB: null,
    contrasts,
    collapsed: contrasts.map((contrast, j) =>
      contrast === null ? null : beyond(lambda, thresholds[j]!),
    ),
    meanCollapsed: clusters.length === 2 ? beyond(lambda, meanThreshold) : true,
    singularValues: null,
    nuclearNorm: within + 2 * vanishing(lambda, meanThreshold),
  };
}

function vanishing(lambda: number, threshold: number): number {
  const below = Math.max(0, threshold / lambda - 1);
  return below + 0.3 * below ** 2;
}

function beyond(lambda: number, threshold: number): boolean | null {
  return Math.abs(lambda / threshold - 1) < 1e-6 ? null : lambda > threshold;
}

/** A grid with the product of these axes; searched along the axis named, if any. */
export function gridOf(
  axes: Partial<Record<AxisName, readonly number[]>>,
  options: { locate?: AxisName; fitLimit?: AxisName; fixed?: Coordinates; name?: string } = {},
): Grid {
  return {
    name: options.name ?? 'grid',
    fixed: options.fixed ?? {},
    axes: Object.entries(axes).map(([name, values]) => ({
      names: [name as AxisName],
      steps: values.map((value) => ({ [name]: value })),
    })),
    exclude: [],
    locate: options.locate === undefined ? null : { along: options.locate, tolerance: 1e-3 },
    fitLimit: options.fitLimit === undefined ? null : { along: options.fitLimit },
  };
}

/** Evenly spaced values, both ends among them. */
export function range(from: number, to: number, points: number): number[] {
  return Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
}

/** A grid of ten classes, five of each size, that both solvers solve. */
export function bySolver(grid: Grid): Grid {
  return {
    ...grid,
    fixed: { classes: 10, majorityClasses: 5, majoritySamples: 500, minoritySamples: 100 },
    axes: [
      ...grid.axes,
      { names: ['solverKind'], steps: [{ solverKind: 'exact' }, { solverKind: 'tensor' }] },
    ],
  };
}
