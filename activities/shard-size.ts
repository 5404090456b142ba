import type { SolverKind } from '../study/instance.js';
import type { ShardSize } from '../study/shard.js';
import type { Study } from '../study/study.js';
import type { MeasuredSeconds } from './measured-seconds.js';

/** How long a shard should take: a Temporal activity costs a few milliseconds, which should not be seen. */
const SHARD_SECONDS = 2;

/** The most points of a shard that is sized by time: what a page of a plan and a part should hold for the memory. */
const MOST_POINTS = 2048;

/** Where the store has no row like it. A batch of tensors is quicker than its instances one by one. */
const UNMEASURED: Readonly<Record<SolverKind, number>> = { exact: 1024, tensor: 256 };

/** The sizes of the shards of a study: what it says, or else as many points as take `SHARD_SECONDS`. */
export function shardSizes({ shardSize }: Study, measured: MeasuredSeconds): ShardSize {
  if (shardSize !== 'auto') return () => shardSize;
  return (instance) => {
    const seconds = measured.of(instance);
    if (seconds === null) return UNMEASURED[instance.solver];
    return Math.max(1, Math.min(MOST_POINTS, Math.floor(SHARD_SECONDS / seconds)));
  };
}
