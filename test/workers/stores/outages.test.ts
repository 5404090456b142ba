import { describe, expect, it, vi } from 'vitest';
import { Outages } from '../../../workers/stores/outages.js';

const STORE = { id: '1'.repeat(32), url: '/one' };
const POLLING = { timeout: 20_000, interval: 5 };

/** Outages whose probes fail so many times, with what they say. */
function newOutages(failures: number) {
  const notices: string[] = [];
  const probes: number[] = [];
  const outages = new Outages({
    firstPauseMs: 20,
    onNotice: (line) => notices.push(line),
    probe() {
      probes.push(performance.now());
      return probes.length > failures ? Promise.resolve() : Promise.reject(new Error('still away'));
    },
  });
  return { outages, notices, probes };
}

describe('a store that is out', () => {
  it('is probed after pauses that grow, until it can be used, and says so once each', async () => {
    const { outages, notices, probes } = newOutages(4);
    const changes = vi.fn();
    outages.onChanged(changes);
    outages.takeOut(STORE, 'away');
    outages.takeOut(STORE, 'away again');
    expect(outages.list).toEqual([{ store: STORE, reason: 'away' }]);
    await expect.poll(() => outages.reasonOf(STORE.id), POLLING).toBe('still away');
    await expect.poll(() => outages.reasonOf(STORE.id), POLLING).toBeNull();
    expect(probes).toHaveLength(5);
    const pauses = probes.slice(1).map((time, index) => time - probes[index]!);
    // The longest of one is the shortest of the next but one; timers may be late, but not early.
    expect(pauses.map((pause, index) => pause >= 20 * 2 ** index - 1)).toEqual(Array(4).fill(true));
    expect(notices).toHaveLength(2);
    expect(changes).toHaveBeenCalledTimes(2);
  });

  it('that goes out again before any work went well is probed later than the first time', async () => {
    const { outages, probes } = newOutages(0);
    const out = async (): Promise<number> => {
      const since = performance.now();
      outages.takeOut(STORE, 'away');
      await expect.poll(() => outages.list, POLLING).toEqual([]);
      return probes.at(-1)! - since;
    };
    for (let time = 0; time < 4; time++) await out();
    expect(await out()).toBeGreaterThan(20 * 2 ** 3 - 1);
    outages.worked(STORE.id);
    // Its fifth pause in a row would be three times as long at least.
    outages.takeOut(STORE, 'away');
    const since = performance.now();
    await vi.waitFor(() => {
      expect(outages.list).toEqual([]);
    });
    expect(probes.at(-1)! - since).toBeLessThan(160);
  });

  it('is not probed any more once it is no store of this process', async () => {
    const { outages, probes, notices } = newOutages(0);
    outages.takeOut(STORE, 'away');
    outages.forget(STORE.id);
    expect(outages.list).toEqual([]);
    const other = { id: '2'.repeat(32), url: '/two' };
    outages.takeOut(other, 'away');
    await expect.poll(() => outages.list, POLLING).toEqual([]);
    await expect.poll(() => probes.length, POLLING).toBe(1);
    expect(notices.filter((line) => line.includes('/one'))).toHaveLength(1);
  });
});
