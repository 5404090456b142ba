import { describe, expect, it } from 'vitest';
import { ControlPool } from '../../../workers/threads/control-pool.js';
import { newStore, saveText, SMALL_STUDY } from '../../activities/small-study.js';

const LARGE = SMALL_STUDY.replace('points: 9', 'points: 20000').replace('shardSize: 4', 'shardSize: 64'); // prettier-ignore

describe('planning in a thread', () => {
  it('ends soon when it is cancelled, at whatever moment, and its thread goes on with the next', async () => {
    const store = await newStore();
    const reference = await saveText(store, LARGE);
    const pool = new ControlPool();
    try {
      for (const wait of [0, 50, 200, 400]) {
        const controller = new AbortController();
        const planning = pool.plan(reference, 0, false, controller.signal);
        setTimeout(() => {
          controller.abort(new Error('cancelled'));
        }, wait);
        await planning.then(
          () => undefined,
          (error: unknown) => {
            expect(String(error)).toContain('cancelled');
          },
        );
      }
      const plan = await pool.plan(reference, 0, false, new AbortController().signal);
      expect(plan.points).toBe(20_000);
    } finally {
      await pool.close();
    }
  });
});
