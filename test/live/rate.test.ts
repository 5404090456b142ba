import { describe, expect, it } from 'vitest';
import { initialState, progressOf } from '../../study/conductor-state.js';
import { NO_SPEED, RateMeter, type Speed } from '../../live/rate.js';
import type { Progress } from '../../study/orchestration.js';

interface Look {
  readonly at: number;
  readonly done: number;
  readonly cached?: number;
  /** Shards that have ended. */
  readonly shards?: number;
  readonly paused?: boolean;
}

/** What a meter says after the last of several looks, in seconds, at a study of 1,000 points. */
function speedAfter(...looks: readonly Look[]): Speed {
  const meter = new RateMeter();
  return looks
    .map(({ at, done, cached = 0, shards = 0, paused = false }) => {
      const state = progressOf(initialState());
      const points = { total: 1000, done, failed: 0, cached };
      const counts = { ...state.shards, done: shards };
      const progress: Progress = { ...state, paused, points, shards: counts };
      return meter.measure(progress, 1000 * at);
    })
    .at(-1)!;
}

describe('the rate of a study', () => {
  it('is not known before something was seen to end', () => {
    expect(speedAfter({ at: 0, done: 500 })).toEqual(NO_SPEED);
    expect(speedAfter({ at: 0, done: 500 }, { at: 30, done: 500 })).toEqual(NO_SPEED);
    expect(speedAfter({ at: 0, done: 0 }, { at: 0.2, done: 64 })).toEqual(NO_SPEED);
  });

  it('counts what ends while somebody looks, not what had ended before', () => {
    const speed = speedAfter({ at: 0, done: 500 }, { at: 10, done: 600 });
    expect(speed).toEqual({ rate: 10, remainingSeconds: 40 });
  });

  it('does not count points that were reused', () => {
    const speed = speedAfter(
      { at: 0, done: 0 },
      { at: 5, done: 800, cached: 800 },
      { at: 10, done: 900, cached: 800 },
    );
    expect(speed).toEqual({ rate: 10, remainingSeconds: 10 });
  });

  it('forgets what was more than a minute ago', () => {
    const slow = Array.from({ length: 101 }, (_, at) => ({ at, done: at }));
    const fast = Array.from({ length: 61 }, (_, i) => ({ at: 101 + i, done: 100 + 5 * (i + 1) }));
    expect(speedAfter(...slow, ...fast).rate).toBeCloseTo(5, 1);
  });

  it('looks back farther where points come in steps minutes apart', () => {
    const steps = Array.from({ length: 10 }, (_, i) => ({ at: 300 * i, done: 60 * i }));
    expect(speedAfter(...steps).rate).toBeCloseTo(0.2, 6);
  });

  it('falls while nothing ends any more', () => {
    const speed = speedAfter({ at: 0, done: 0 }, { at: 10, done: 100 }, { at: 40, done: 100 });
    expect(speed.rate).toBe(2.5);
  });

  it('promises no end while the study is paused', () => {
    const speed = speedAfter({ at: 0, done: 0 }, { at: 10, done: 100, paused: true });
    expect(speed).toEqual({ rate: 10, remainingSeconds: null });
  });

  it('starts anew with another run', () => {
    const speed = speedAfter(
      { at: 0, done: 0 },
      { at: 10, done: 900, shards: 9 },
      { at: 20, done: 10 },
    );
    expect(speed).toEqual(NO_SPEED);
  });

  it('waits until as much is solved as before when a worker has died in the middle of a shard', () => {
    const before = [
      { at: 0, done: 0 },
      { at: 10, done: 100, shards: 1 },
    ];
    const after = [...before, { at: 20, done: 60, shards: 1 }];
    expect(speedAfter(...after)).toEqual({ rate: 5, remainingSeconds: 188 });
    expect(speedAfter(...after, { at: 30, done: 150, shards: 1 }).rate).toBe(5);
  });
});
