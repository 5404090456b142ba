import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MARKER_PATH, storeId } from '../../../results/store-identity.js';
import { StoreUnavailable } from '../../../results/store-unavailable.js';
import type { StudyReference } from '../../../study/orchestration.js';
import type { OwnStore } from '../../../workers/stores/own-store.js';
import {
  ServedStores,
  StoreNotServed,
  StoreOfOthers,
} from '../../../workers/stores/served-stores.js';
import { newMarkedStore } from '../../activities/small-study.js';

const OTHER = 'f'.repeat(32);
const named = { study: 'study', specHash: 'hash' };

async function ownStore(): Promise<OwnStore> {
  const store = await newMarkedStore();
  return { id: (await storeId(store))!, url: store.url };
}

const referenceTo = ({ id, url }: OwnStore): Required<StudyReference> => ({
  ...named,
  store: url,
  storeId: id,
});

/** The study as the work in a store finds it. */
const locate = (stores: ServedStores, reference: StudyReference): Promise<StudyReference> =>
  stores.within(reference, (own) => Promise.resolve(own));

/** Takes a store's folder away, as a file system that is not mounted any more; returns what puts it back. */
async function takeAway({ url }: OwnStore): Promise<() => Promise<void>> {
  await rename(url, `${url}-away`);
  onTestFinished(() => rm(`${url}-away`, { recursive: true, force: true }));
  return () => rename(`${url}-away`, url);
}

describe('the stores that a worker serves', () => {
  it('are known by their identity, wherever whoever asks has mounted them', async () => {
    const own = await ownStore();
    const stores = new ServedStores([own], false);
    const located = referenceTo(own);
    expect(await locate(stores, { ...located, store: '/elsewhere' })).toEqual(located);
    expect(await locate(stores, { ...named, store: own.url })).toEqual(located);
  });

  it('are no others: not of another identity at the same place, nor of an unknown place', async () => {
    const own = await ownStore();
    const stores = new ServedStores([own], false);
    const foreign = locate(stores, { ...named, store: own.url, storeId: OTHER });
    await expect(foreign).rejects.toThrow(StoreNotServed);
    await expect(foreign).rejects.toThrow(
      `this worker was not given the store ${own.url} (${OTHER}); it serves ${own.url} (${own.id})`,
    );
    await expect(locate(stores, { ...named, store: '/unknown' })).rejects.toThrow(StoreOfOthers);
  });

  it('are out while they are not in their place, which takes no marker of theirs for granted, and come back by themselves', async () => {
    const own = await ownStore();
    const notices: string[] = [];
    const stores = new ServedStores([own], false, (line) => notices.push(line));
    const putBack = await takeAway(own);
    const reason = `the store ${own.url} is not there: is its file system mounted?`;
    await expect(locate(stores, referenceTo(own))).rejects.toThrow(reason);
    expect(stores.outages.list).toEqual([{ store: own, reason }]);
    await putBack();
    // Until a probe has succeeded nothing is tried.
    await expect(locate(stores, referenceTo(own))).rejects.toThrow(StoreUnavailable);
    await expect.poll(() => stores.outages.list, { timeout: 20_000 }).toEqual([]);
    expect(await locate(stores, referenceTo(own))).toEqual(referenceTo(own));
    expect(notices).toEqual([
      `Out: no work is taken in the store ${own.url} until it can be used from here again: ${reason}`,
      expect.stringMatching(/^The store .* can be used again, after \d+ s\.$/),
    ]);
  });

  it.each([
    ['is of the infrastructure', Object.assign(new Error('full'), { code: 'ENOSPC' }), 'full'],
    ['is of the work', new Error('a bug'), null],
    ['would be for good', Object.assign(new Error('none'), { name: 'UnknownStudy' }), null],
  ])('go out after an error of their work only where that %s', async (_, error, reason) => {
    const own = await ownStore();
    const stores = new ServedStores([own], false);
    const working = stores.within(referenceTo(own), () => Promise.reject(error));
    await expect(working).rejects.toBe(error);
    expect(stores.outages.reasonOf(own.id)).toBe(reason);
  });

  it('that go while work is under way are the reason why it fails, whatever it says', async () => {
    const own = await ownStore();
    const stores = new ServedStores([own], false);
    const working = stores.within(referenceTo(own), async () => {
      await takeAway(own);
      throw Object.assign(new Error('there is no such study'), { name: 'UnknownStudy' });
    });
    await expect(working).rejects.toThrow(StoreUnavailable);
    expect(stores.outages.list).toHaveLength(1);
  });

  it('are not taken for stores of others once they are served no more', async () => {
    const own = await ownStore();
    const stores = new ServedStores([own], false);
    stores.replace([]);
    await expect(locate(stores, referenceTo(own))).rejects.toThrow(StoreUnavailable);
  });

  it('are out where another store has taken their place', async () => {
    const [own, other] = [await ownStore(), await ownStore()];
    const stores = new ServedStores([own], false);
    const marker = JSON.stringify({ format: 'ufm-sweep store', version: 1, id: other.id });
    await writeFile(path.join(own.url, MARKER_PATH), marker);
    await expect(locate(stores, referenceTo(own))).rejects.toThrow(/has become another store/);
  });
});
