import { describe, expect, it } from 'vitest';
import { Breaker, CLOSED, delayAfter, FAILURES_UNTIL_HALT } from '../../study/breaker.js';
import { Changes } from '../../study/changes.js';

/** A breaker of which the delays end when they are told to. */
function breakerWithDelays(state = CLOSED) {
  const delays: { milliseconds: number; end: () => Promise<void> }[] = [];
  const sleep = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const end = () => {
        resolve();
        return Promise.resolve();
      };
      delays.push({ milliseconds, end });
    });
  return { breaker: new Breaker(state, sleep, new Changes()), delays };
}

describe('a circuit breaker', () => {
  it('doubles its delays from a second to a minute', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8, 1e6].map(delayAfter);
    expect(delays).toEqual([1e3, 2e3, 4e3, 8e3, 16e3, 32e3, 60e3, 60e3, 60e3]);
  });

  it('halts after five failures in a row, with the reason of the last one', () => {
    const { breaker } = breakerWithDelays();
    for (let failure = 1; failure < FAILURES_UNTIL_HALT; failure += 1) breaker.failed('disk full');
    expect(breaker.halted).toBeNull();
    breaker.failed('the store does not answer');
    expect(FAILURES_UNTIL_HALT).toBe(5);
    expect(breaker.halted).toBe('the store does not answer');
  });

  it('forgets them all at the first success', () => {
    const { breaker } = breakerWithDelays({ failures: 12, reason: 'away' });
    expect(breaker.halted).toBe('away');
    breaker.succeeded();
    expect(breaker.state).toEqual(CLOSED);
    expect(breaker.isDelaying).toBe(false);
  });

  it('keeps the delay of the few that fail beside others that succeed', () => {
    const { breaker } = breakerWithDelays();
    breaker.failed('one bad worker');
    breaker.succeeded();
    expect(breaker.isDelaying).toBe(true);
  });

  it('has one delay for all that fails while it lasts', async () => {
    const { breaker, delays } = breakerWithDelays();
    for (let failure = 0; failure < 1000; failure += 1) breaker.failed('away');
    expect(delays.map(({ milliseconds }) => milliseconds)).toEqual([1e3]);
    await delays[0]!.end();
    expect(breaker.isDelaying).toBe(false);
    breaker.failed('away');
    expect(delays.map(({ milliseconds }) => milliseconds)).toEqual([1e3, 60e3]);
  });

  it('begins with the delay of what it remembers, and tries at once when it is told to', async () => {
    const { breaker, delays } = breakerWithDelays({ failures: 7, reason: 'away' });
    expect(delays.map(({ milliseconds }) => milliseconds)).toEqual([60e3]);
    breaker.probe();
    expect(breaker.isDelaying).toBe(false);
    breaker.failed('away');
    await delays[0]!.end();
    // The delay that was cut short ends no other.
    expect(breaker.isDelaying).toBe(true);
  });

  it('remembers no more than a line of a reason', () => {
    const { breaker } = breakerWithDelays();
    breaker.failed('x'.repeat(10_000));
    expect(breaker.state.reason).toHaveLength(500);
  });
});
