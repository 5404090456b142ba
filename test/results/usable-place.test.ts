import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type * as fileSystem from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FolderStore } from '../../results/folder-store.js';
import { whyUnusable } from '../../results/usable-place.js';

const links = vi.hoisted(() => ({ code: null as string | null }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fileSystem>();
  return {
    ...real,
    link: (from: string, to: string) =>
      links.code === null
        ? real.link(from, to)
        : Promise.reject(Object.assign(new Error(links.code), { code: links.code })),
  };
});

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ufm-place-'));
});
afterEach(async () => {
  links.code = null;
  await rm(folder, { recursive: true, force: true });
});

describe('the place of a store', () => {
  it('is tried without leaving anything in it, whether it is there or not', async () => {
    expect(await whyUnusable(folder)).toBeNull();
    expect(await whyUnusable(path.join(folder, 'not', 'there'))).toBeNull();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is refused where nothing can be written', async () => {
    expect(await whyUnusable('/proc/x')).toMatch(/ENOENT|EACCES/);
    await expect(new FolderStore('/proc/x').publish('a', new Uint8Array())).rejects.toThrow(
      /ENOENT|EACCES/,
    );
  });

  it.each(['EPERM', 'ENOSYS', 'EOPNOTSUPP'])(
    'is refused where there are no hard links, by %s, and nothing is published',
    async (code) => {
      links.code = code;
      expect(await whyUnusable(folder)).toMatch(/may lack hard links/);
      const store = new FolderStore(folder);
      await expect(store.publish('parts/a', new Uint8Array(1))).rejects.toThrow(
        /may lack hard links/,
      );
      expect(await store.list('parts')).toEqual([]);
    },
  );
});
