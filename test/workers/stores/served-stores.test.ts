import { rename } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { storeId } from '../../../results/store-identity.js';
import {
  ServedStores,
  StoreAway,
  StoreNotServed,
  StoreOfOthers,
} from '../../../workers/stores/served-stores.js';
import { newMarkedStore } from '../../activities/small-study.js';

const OTHER = 'f'.repeat(32);
const named = { study: 'study', specHash: 'hash' };

async function ownStore() {
  const store = await newMarkedStore();
  return { id: (await storeId(store))!, url: store.url };
}

describe('the stores that a worker serves', () => {
  it('are known by their identity, wherever whoever asks has mounted them', async () => {
    const own = await ownStore();
    const stores = new ServedStores([own], false);
    const located = { ...named, store: own.url, storeId: own.id };
    expect(await stores.locate({ ...named, store: '/elsewhere', storeId: own.id })).toEqual(
      located,
    );
    expect(await stores.locate({ ...named, store: own.url })).toEqual(located);
  });

  it('are no others: not of another identity at the same place, nor of an unknown place', async () => {
    const own = await ownStore();
    const stores = new ServedStores([own], false);
    const foreign = stores.locate({ ...named, store: own.url, storeId: OTHER });
    await expect(foreign).rejects.toThrow(StoreNotServed);
    await expect(foreign).rejects.toThrow(
      `this worker was not given the store ${own.url} (${OTHER}); it serves ${own.url} (${own.id})`,
    );
    await expect(stores.locate({ ...named, store: '/unknown' })).rejects.toThrow(StoreOfOthers);
  });

  it('may be away for a while, which another try may mend', async () => {
    const own = await ownStore();
    const stores = new ServedStores([own], false);
    await rename(own.url, `${own.url}-away`);
    const reference = { ...named, store: own.url, storeId: own.id };
    await expect(stores.locate(reference)).rejects.toThrow(StoreAway);
    await rename(`${own.url}-away`, own.url);
    expect(await stores.locate(reference)).toEqual(reference);
  });
});
