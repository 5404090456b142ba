import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { FolderStore } from '../../results/folder-store.js';
import {
  claimStore,
  MARKER_PATH,
  markStore,
  NotAStore,
  storeId,
} from '../../results/store-identity.js';
import { transpile } from './transpile.js';

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

describe('processes that claim one place at the same time', () => {
  let script: string;
  beforeAll(async () => {
    const sources = ['files', 'folder-store', 'paths', 'relative-path', 'store-identity', 'unusable-file']; // prettier-ignore
    const folder = await mkdtemp(join(import.meta.dirname, '../../node_modules/.ufm-claim-'));
    await transpile(folder, [...sources.map((name) => `results/${name}.ts`), 'test/results/claim.ts']); // prettier-ignore
    script = join(folder, 'test/results/claim.js');
    return () => rm(folder, { recursive: true });
  });

  const claimer = (...words: string[]) => execa(process.execPath, [script, ...words], { reject: false }); // prettier-ignore

  it('make one store of it, and none takes it for somebody else’s', async () => {
    for (let round = 0; round < 3; round++) {
      const folder = join(await emptyFolder(), 'store');
      // All of them are ready before any begins.
      const start = String(Date.now() + 1500);
      const endings = await Promise.all(Array.from({ length: 8 }, () => claimer(folder, start)));
      expect(endings.map(({ stderr }) => stderr).join('')).toBe('');
      expect(new Set(endings.map(({ stdout }) => stdout)).size).toBe(1);
      expect(endings[0]!.stdout).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it('find it free after one of them was killed between its first write and the marker', async () => {
    const folder = await emptyFolder();
    const { signal } = await claimer(folder, '0', 'killed');
    expect(signal).toBe('SIGKILL');
    const [left, ...others] = await new FolderStore(folder).list('tmp');
    expect(others).toEqual([]);
    expect(await readdir(folder)).toEqual(['tmp']);
    expect(await storeId(new FolderStore(folder))).toBeNull();
    expect(await claimStore(new FolderStore(folder))).toMatch(/^[0-9a-f]{32}$/);
    expect(await new FolderStore(folder).list('tmp')).toEqual([left]);
  });
});

it.each([
  ['a folder tmp with files of somebody', 'tmp/a.txt'],
  ['files that look like unfinished writes elsewhere', `ufm-${randomUUID()}`],
  ['the folder of an unfinished write', `tmp/ufm-${randomUUID()}/x`],
])('takes %s for something else', async (_, name) => {
  const folder = await emptyFolder();
  await mkdir(join(folder, dirname(name)), { recursive: true });
  await writeFile(join(folder, name), 'x');
  await expect(claimStore(new FolderStore(folder))).rejects.toThrow(NotAStore);
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
