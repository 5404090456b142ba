import { featureCount, LARGEST_FEATURES } from './expand.js';
import { classCount, sampleCount, type Instance } from './instance.js';

/**
 * Cuts points into shards: batches that one solver takes as a whole, of equal tensor shapes and settings, at most
 * `shardSize` points each, and per-sample ones small enough that their features (N x d each) fit into memory.
 * Deterministic: shapes come in the order of their first point, points stay in their order.
 */
export function shardPoints<P extends { readonly instance: Instance }>(
  points: readonly P[],
  shardSize: number,
): P[][] {
  const byShape = new Map<string, P[]>();
  for (const point of points) {
    const shape = batchShape(point.instance);
    const alike = byShape.get(shape);
    if (alike === undefined) byShape.set(shape, [point]);
    else alike.push(point);
  }
  return [...byShape.values()].flatMap((alike) =>
    cut(alike, Math.min(shardSize, memoryBound(alike[0]!.instance))),
  );
}

/** What the instances of a batch have in common. */
function batchShape(instance: Instance): string {
  const { clusters, featureDimension, form, solver, tolerance, polish, lambdaB } = instance;
  return JSON.stringify([
    solver,
    form,
    classCount(clusters),
    featureDimension,
    lambdaB === null,
    tolerance,
    polish,
    form === 'per-sample' ? sampleCount(clusters) : null,
  ]);
}

function memoryBound(instance: Instance): number {
  if (instance.form === 'class-means') return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor(LARGEST_FEATURES / featureCount(instance)));
}

function cut<P>(points: readonly P[], size: number): P[][] {
  const shards: P[][] = [];
  for (let start = 0; start < points.length; start += size) {
    shards.push(points.slice(start, start + size));
  }
  return shards;
}
