import { classCount, featureCount, sampleCount, type Instance } from './instance.js';
import { LARGEST_FEATURES } from './limits.js';

/** How many points a shard of instances like this one should have at most, >= 1. */
export type ShardSize = (instance: Instance) => number;

/**
 * Cuts points into shards as they come: batches that one solver takes as a whole, of equal tensor shapes and settings,
 * no larger than they should be, and per-sample ones small enough that their features (N x d each) fit into memory.
 * Deterministic, and holds no more than one unfinished shard of each shape.
 */
export class Sharder<P extends { readonly instance: Instance }> {
  readonly #sizeOf: ShardSize;
  readonly #unfinished = new Map<string, { readonly size: number; readonly points: P[] }>();

  constructor(sizeOf: ShardSize) {
    this.#sizeOf = sizeOf;
  }

  /** The shard that the point completes, or null. */
  add(point: P): P[] | null {
    const shape = batchShape(point.instance);
    let shard = this.#unfinished.get(shape);
    if (shard === undefined) {
      const size = Math.min(this.#sizeOf(point.instance), memoryBound(point.instance));
      shard = { size, points: [] };
      this.#unfinished.set(shape, shard);
    }
    shard.points.push(point);
    if (shard.points.length < shard.size) return null;
    this.#unfinished.delete(shape);
    return shard.points;
  }

  /** What no further point completes, in the order of the first point of each. */
  rest(): P[][] {
    const shards = [...this.#unfinished.values()].map(({ points }) => points);
    this.#unfinished.clear();
    return shards;
  }
}

/** What the instances of a batch have in common. */
function batchShape(instance: Instance): string {
  const { clusters, featureDimension, form, solver, tolerance, polish, lambdaB } = instance;
  const samples = form === 'per-sample' ? sampleCount(clusters) : '';
  const bias = lambdaB === null ? 'no bias' : 'bias';
  return `${solver} ${form} ${classCount(clusters)} ${featureDimension} ${bias} ${tolerance} ${polish} ${samples}`;
}

function memoryBound(instance: Instance): number {
  if (instance.form === 'class-means') return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor(LARGEST_FEATURES / featureCount(instance)));
}
