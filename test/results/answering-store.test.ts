import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { faultClassOf } from '../../activities/fault-class.js';
import { AnsweringStore } from '../../results/answering-store.js';
import { FolderStore } from '../../results/folder-store.js';
import { GuardedStore } from '../../results/guarded-store.js';
import { openStore } from '../../results/open-store.js';
import { claimStore, MARKER_PATH } from '../../results/store-identity.js';
import { StoreUnavailable } from '../../results/store-unavailable.js';
import type { Store } from '../../results/store.js';
import { newMarkedStore } from '../activities/small-study.js';

const BYTES = Buffer.from('a part');

const never = (): Promise<never> => new Promise(() => undefined);

const WORKS: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  read: (store) => store.read('parts/a'),
  publish: (store) => store.publish('parts/b', BYTES),
  replace: (store) => store.replace('studies/a', BYTES),
  list: (store) => store.list('parts'),
  details: (store) => store.details('parts'),
  detailsOf: (store) => store.detailsOf('parts/a'),
  quarantine: (store) => store.quarantine('parts/a'),
  remove: (store) => store.remove('parts/a'),
  localPath: (store) => store.localPath('parts/a'),
  isEmpty: (store) => store.isEmpty(),
};

/** A store in a folder, and a view of it that is patient for a moment. */
async function newStore(patienceMs = 40) {
  const { url } = await newMarkedStore();
  const folder = new FolderStore(url);
  await folder.publish('parts/a', BYTES);
  return { folder, answering: new AnsweringStore(folder, patienceMs) };
}

/** As a file system whose server is away. */
function hang(folder: FolderStore): void {
  for (const name of Object.keys(WORKS)) vi.spyOn(folder, name as 'read').mockImplementation(never);
}

describe('a store whose file system does not answer', () => {
  it.each(Object.entries(WORKS))('is unavailable for who would %s', async (_, work) => {
    const { folder, answering } = await newStore();
    hang(folder);
    const working = work(answering);
    await expect(working).rejects.toThrow(StoreUnavailable);
    await expect(working).rejects.toThrow(/does not answer.*is the server of its file system away/);
  });

  it('is a fault of the infrastructure for workers, and works again once it answers', async () => {
    const { folder, answering } = await newStore(1000);
    const guarded = new GuardedStore(answering, await claimStore(answering));
    hang(folder);
    const fault = await guarded.list('parts').catch((error: unknown) => error);
    expect(faultClassOf(fault)).toBe('infrastructure');
    vi.restoreAllMocks();
    expect(await guarded.list('parts')).toEqual(['parts/a']);
  });
});

describe('a store that takes its time', () => {
  it('is waited for as long as its marker can be read', async () => {
    const { folder, answering } = await newStore();
    const asked = vi.spyOn(folder, 'read').mockResolvedValue(null);
    vi.spyOn(folder, 'list').mockImplementation(() => delay(200, ['parts/a']));
    expect(await answering.list('parts')).toEqual(['parts/a']);
    expect(asked).toHaveBeenCalledWith(MARKER_PATH);
  });

  it('says in its own words what goes wrong', async () => {
    const { folder, answering } = await newStore();
    const error = new Error('a bug');
    vi.spyOn(folder, 'list').mockRejectedValue(error);
    await expect(answering.list('parts')).rejects.toBe(error);
  });
});

it('a store in a folder is opened as one that answers or is unavailable', async () => {
  const { url } = await newMarkedStore();
  expect(openStore(url)).toBeInstanceOf(AnsweringStore);
  expect(openStore(`file://${url}`).direct()).toBeInstanceOf(AnsweringStore);
});
