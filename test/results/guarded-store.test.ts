import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { GuardedStore } from '../../results/guarded-store.js';
import { openOwnStore, openStore } from '../../results/open-store.js';
import { claimStore } from '../../results/store-identity.js';
import type { Store } from '../../results/store.js';
import { StoreUnavailable } from '../../results/store-unavailable.js';
import { UnusableFile } from '../../results/unusable-file.js';
import { newMarkedStore, newStore } from '../activities/small-study.js';

const BYTES = Buffer.from('a part');
const UNUSED = `parts/${'a'.repeat(32)}.parquet`;

async function newGuardedStore(): Promise<GuardedStore> {
  const store = await newMarkedStore();
  return openOwnStore(store.url);
}

/** As a file system that is mounted no more leaves it: an empty folder where the store was, or none. */
async function unmount({ url }: Store, mountPoint: boolean): Promise<() => Promise<void>> {
  await rename(url, `${url}-away`);
  if (mountPoint) await mkdir(url);
  onTestFinished(() => rm(`${url}-away`, { recursive: true, force: true }));
  return async () => {
    await rm(url, { recursive: true, force: true });
    await rename(`${url}-away`, url);
  };
}

describe('a guarded store', () => {
  it('does what the store does while that is in its place', async () => {
    const store = await newGuardedStore();
    expect(await store.publish('parts/a', BYTES)).toBe(true);
    expect(await store.publish('parts/a', BYTES)).toBe(false);
    expect(await store.read('parts/a')).toEqual(BYTES);
    expect(await store.read('parts/b')).toBeNull();
    expect(await store.list('none')).toEqual([]);
    expect([...(await store.details('parts')).keys()]).toEqual(['parts/a']);
    await store.quarantine('parts/a');
    expect(await store.list('parts')).toEqual([]);
  });

  it.each([true, false])(
    'neither says that a file is missing nor writes where its file system is not mounted (mount point there: %s)',
    async (mountPoint) => {
      const store = await newGuardedStore();
      await store.publish('parts/a', BYTES);
      const mount = await unmount(store, mountPoint);
      const works: ((of: Store) => Promise<unknown>)[] = [
        (of) => of.read('parts/a'),
        (of) => of.list('parts'),
        (of) => of.details('parts'),
        (of) => of.publish(UNUSED, BYTES),
        (of) => of.replace('studies/a', BYTES),
        (of) => of.quarantine('parts/a'),
        (of) => of.direct().read('parts/a'),
      ];
      for (const work of works) await expect(work(store)).rejects.toThrow(StoreUnavailable);
      const left = await readdir(store.url).catch(() => null);
      expect(left).toEqual(mountPoint ? [] : null);
      await mount();
      expect(await store.read('parts/a')).toEqual(BYTES);
    },
  );

  it('has not published what was written while its file system went away', async () => {
    const store = await newMarkedStore();
    const guarded = new GuardedStore(store, await claimStore(store));
    vi.spyOn(store, 'publish').mockImplementation(async () => {
      await unmount(store, true);
      return true;
    });
    await expect(guarded.publish(UNUSED, BYTES)).rejects.toThrow(/is its file system mounted/);
  });

  it.each(['ENOSPC', 'EIO', 'ESTALE', 'ENOTCONN', 'EROFS', 'EMFILE', 'EACCES', 'ETIMEDOUT'])(
    'is unavailable, with the reason, where an error of the file system is of no one file: %s',
    async (code) => {
      const store = await newMarkedStore();
      const guarded = new GuardedStore(store, await claimStore(store));
      const error = Object.assign(new Error(`${code}: as the system says it`), { code });
      vi.spyOn(store, 'publish').mockRejectedValue(error);
      const publishing = guarded.publish(UNUSED, BYTES);
      await expect(publishing).rejects.toThrow(StoreUnavailable);
      await expect(publishing).rejects.toMatchObject({
        message: `the store cannot be used: ${store.url}: ${code}: as the system says it`,
        cause: error,
      });
    },
  );

  it('is unavailable where a file stands in place of a folder that it writes to', async () => {
    const store = await newGuardedStore();
    await writeFile(path.join(store.url, 'parts'), 'no folder');
    await expect(store.publish(UNUSED, BYTES)).rejects.toThrow(StoreUnavailable);
  });

  it('leaves what is about one file to those who read it', async () => {
    const store = await newGuardedStore();
    await mkdir(path.join(store.url, 'parts/folder'), { recursive: true });
    await expect(store.read('parts/folder')).rejects.toThrow(UnusableFile);
    const bug = new Error('a bug');
    const inner = openStore(store.url);
    vi.spyOn(inner, 'list').mockRejectedValue(bug);
    const guarded = new GuardedStore(inner, await claimStore(inner));
    await expect(guarded.list('parts')).rejects.toBe(bug);
  });

  it('is not opened where nothing is, as where its file system is not mounted', async () => {
    const { url } = await newStore();
    await expect(openOwnStore(url)).rejects.toThrow(StoreUnavailable);
    await expect(openOwnStore(`${url}-none`)).rejects.toThrow(/there is no store at/);
    await rm(url, { recursive: true });
    await writeFile(url, 'a file');
    await expect(openOwnStore(url)).rejects.toThrow(/there is no store at/);
  });

  it.skipIf(process.getuid?.() === 0)(
    'is unavailable where its folder may not be read',
    async () => {
      const store = await newGuardedStore();
      await chmod(store.url, 0o000);
      onTestFinished(() => chmod(store.url, 0o700));
      await expect(store.read('parts/a')).rejects.toThrow(StoreUnavailable);
    },
  );
});
