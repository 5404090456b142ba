import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FolderStore } from '../../results/folder-store.js';
import {
  claimStore,
  MARKER_PATH,
  markStore,
  NotAStore,
  storeId,
} from '../../results/store-identity.js';

const emptyFolder = () => mkdtemp(join(tmpdir(), 'ufm-identity-'));

it('makes a store of an empty place, which keeps its identity', async () => {
  const store = new FolderStore(await emptyFolder());
  expect(await storeId(store)).toBeNull();
  const id = await claimStore(store);
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect([await storeId(store), await claimStore(store), await markStore(store)]).toEqual([
    id,
    id,
    id,
  ]);
});

it('gives one identity to all who claim a place at the same time', async () => {
  const folder = await emptyFolder();
  const claims = Array.from({ length: 8 }, () => claimStore(new FolderStore(folder)));
  expect(new Set(await Promise.all(claims)).size).toBe(1);
});

it('refuses a place with something else in it, unless told', async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'thesis.tex'), 'x');
  const store = new FolderStore(folder);
  await expect(claimStore(store)).rejects.toThrow(NotAStore);
  await expect(storeId(store)).rejects.toThrow(/no store of ufm-sweep.*ufm-sweep adopt/s);
  expect(await markStore(store)).toBe(await claimStore(store));
});

it.each(['', '[]', '{"format":"ufm-sweep store","version":2,"id":"00"}', '\u0000'])(
  'refuses the marker %j',
  async (marker) => {
    const folder = await emptyFolder();
    await writeFile(join(folder, MARKER_PATH), marker);
    await expect(storeId(new FolderStore(folder))).rejects.toThrow(NotAStore);
  },
);
