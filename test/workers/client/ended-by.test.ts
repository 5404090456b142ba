import { EventEmitter, getEventListeners, once } from 'node:events';
import { expect, it, onTestFinished, vi } from 'vitest';
import { endedBy } from '../../../workers/client/ended-by.js';

/** As the SDK's: each call has a listener on the signal, which stays. */
function newClient() {
  const ended = new EventEmitter();
  let calls = 0;
  return {
    ended,
    calls: () => calls,
    async withAbortSignal<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
      for (let call = 0; call < 20; call += 1) {
        calls += 1;
        signal.addEventListener('abort', () => ended.emit('ended', signal.reason));
        if (signal.aborted) throw signal.reason;
      }
      return work();
    },
  };
}

it('calls leave nothing at the signal that ends them, however many there are', async () => {
  const warned = vi.fn();
  process.on('warning', warned);
  onTestFinished(() => void process.off('warning', warned));
  const [client, over] = [newClient(), new AbortController()];
  for (let look = 0; look < 20; look += 1) {
    expect(await endedBy(over.signal, client, () => Promise.resolve(look))).toBe(look);
  }
  await expect(
    endedBy(over.signal, client, () => Promise.reject(new Error('away'))),
  ).rejects.toThrow('away');
  expect(getEventListeners(over.signal, 'abort')).toEqual([]);
  // Warnings come with the next tick.
  await new Promise(setImmediate);
  expect(warned).not.toHaveBeenCalled();
});

it('calls end with the signal, before they are made as well', async () => {
  const [client, over] = [newClient(), new AbortController()];
  const reason = new Error('over');
  const calling = endedBy(over.signal, client, () => once(client.ended, 'ended'));
  over.abort(reason);
  expect(await calling).toEqual([reason]);
  const calls = client.calls();
  await expect(endedBy(over.signal, client, () => Promise.resolve())).rejects.toBe(reason);
  expect(client.calls()).toBe(calls + 1);
});
