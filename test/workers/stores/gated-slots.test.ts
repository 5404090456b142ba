import { describe, expect, it } from 'vitest';
import { GatedSlots } from '../../../workers/stores/gated-slots.js';
import { Outages } from '../../../workers/stores/outages.js';

const STORE = { id: '1'.repeat(32), url: '/one' };
const OTHER = { id: '2'.repeat(32), url: '/two' };
const never = new AbortController().signal;

const newOutages = () =>
  new Outages({ probe: () => new Promise(() => undefined), onNotice: () => undefined });

/** Whether a promise has settled by the time that all others have had their turn. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const turn = new Promise((resolve) => setImmediate(resolve, 'pending'));
  return (await Promise.race([promise, turn])) === 'pending';
}

describe('the slots of a worker', () => {
  it('are so many at a time: who asks for another waits until one is given back', async () => {
    const slots = new GatedSlots(2, newOutages(), STORE);
    await slots.reserveSlot(null, never);
    expect(slots.tryReserveSlot()).not.toBeNull();
    expect(slots.tryReserveSlot()).toBeNull();
    const [third, fourth] = [slots.reserveSlot(null, never), slots.reserveSlot(null, never)];
    expect(await isPending(third)).toBe(true);
    slots.releaseSlot();
    await third;
    expect(await isPending(fourth)).toBe(true);
  });

  it.each([
    ['its store is', STORE],
    ['any store is, where it works in all of them', null],
  ])('are none while %s out', async (_, store) => {
    const outages = newOutages();
    const slots = new GatedSlots(2, outages, store);
    outages.takeOut(STORE, 'away');
    expect(slots.tryReserveSlot()).toBeNull();
    const waiting = slots.reserveSlot(null, never);
    expect(await isPending(waiting)).toBe(true);
    outages.forget(STORE.id);
    await waiting;
  });

  it('are there while another store is out', async () => {
    const outages = newOutages();
    outages.takeOut(OTHER, 'away');
    await new GatedSlots(1, outages, STORE).reserveSlot(null, never);
  });

  it('are not waited for any more when the worker stops, and the reason is that of its signal', async () => {
    const slots = new GatedSlots(1, newOutages(), STORE);
    await slots.reserveSlot(null, never);
    const stop = new AbortController();
    const waiting = slots.reserveSlot(null, stop.signal);
    stop.abort(new Error('stopping'));
    await expect(waiting).rejects.toBe(stop.signal.reason);
    const late = slots.reserveSlot(null, stop.signal);
    await expect(late).rejects.toBe(stop.signal.reason);
    slots.releaseSlot();
    expect(slots.tryReserveSlot()).not.toBeNull();
  });
});
