import { describe, expect, it } from 'vitest';
import { capacityOf } from '../../activities/capacity.js';
import { lognormal } from '../../benchmarks/window/lognormal.js';
import { Simulation } from '../../benchmarks/window/simulation.js';
import { MAXIMUM_WINDOW, SHARDS_PER_THREAD } from '../../study/conductor-state.js';

const SHARDS = 8000;

/** A round of shards of unequal times, in virtual time. */
const simulate = (window: number, checkpoints: 'sliding' | 'barrier') =>
  Simulation.run({ window, seconds: lognormal(SHARDS, 2, 1, 7), checkpoints });

describe('a round of lognormal shards', () => {
  it('keeps 90 % of the largest window busy until the last shard is handed out', async () => {
    const sliding = await simulate(MAXIMUM_WINDOW, 'sliding');
    const barrier = await simulate(MAXIMUM_WINDOW, 'barrier');
    expect(sliding.beforeTheEnd).toBeGreaterThan(0.9);
    expect(barrier.beforeTheEnd).toBeLessThan(0.5);
    expect(sliding.segments).toBeGreaterThan(3);
  });

  it.each([8, 64, MAXIMUM_WINDOW])(
    'has no more events at a window of %i than an estimate says',
    async (window) => {
      const { events, segments } = await simulate(window, 'sliding');
      const demand = {
        points: { open: SHARDS, cached: 0 },
        ...{ shards: SHARDS, solveSeconds: 1, rowBytes: 1 },
      };
      const { history } = capacityOf(demand, window / SHARDS_PER_THREAD);
      expect(events).toBeLessThanOrEqual(history.events.most);
      expect(segments + 1).toBeLessThanOrEqual(history.runs);
    },
  );
});
