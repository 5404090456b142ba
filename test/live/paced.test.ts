import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Paced } from '../../live/paced.js';

/** Makes 1, 2, 3, ..., each in so many milliseconds. */
function counter(milliseconds: number): { readonly make: () => Promise<number>; made: number } {
  const count = {
    made: 0,
    make: async () => {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return ++count.made;
    },
  };
  return count;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a paced value', () => {
  it('is made once for all who ask at the same time', async () => {
    const { make } = counter(100);
    const paced = new Paced(make, 500);
    const both = Promise.all([paced.get(), paced.get()]);
    await vi.advanceTimersByTimeAsync(100);
    expect(await both).toEqual([1, 1]);
  });

  it('is made again no sooner than asked for', async () => {
    const { make } = counter(0);
    const paced = new Paced(make, 500);
    const ask = async (): Promise<number> => {
      const answer = paced.get();
      await vi.advanceTimersByTimeAsync(1);
      return answer;
    };
    expect(await ask()).toBe(1);
    expect(await ask()).toBe(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(await ask()).toBe(2);
    paced.expire();
    expect(await ask()).toBe(3);
  });

  it('takes a fifth of the time at most', async () => {
    const count = counter(2000);
    const paced = new Paced(count.make, 500);
    for (let second = 0; second < 100; second += 1) {
      paced.refresh();
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(count.made * 2).toBeLessThanOrEqual(20);
    expect(count.made).toBeGreaterThan(5);
  });

  it('gives the last one to who would have to wait', async () => {
    const { make } = counter(0);
    let slow = false;
    const paced = new Paced(() => (slow ? new Promise<number>(() => undefined) : make()), 500);
    const first = paced.get();
    await vi.advanceTimersByTimeAsync(1);
    expect(await first).toBe(1);
    slow = true;
    await vi.advanceTimersByTimeAsync(1000);
    const late = paced.get();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await late).toBe(1);
  });

  it('says what went wrong, until it is well again', async () => {
    let broken = true;
    const paced = new Paced(
      () => (broken ? Promise.reject(new Error('the disk is away')) : Promise.resolve('here')),
      500,
    );
    await expect(paced.get()).rejects.toThrow('the disk is away');
    broken = false;
    await vi.advanceTimersByTimeAsync(500);
    expect(await paced.get()).toBe('here');
  });
});
