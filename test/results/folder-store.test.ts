import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { FolderStore } from '../../results/folder-store.js';
import { openStore } from '../../results/open-store.js';
import { fillDisk, mountSmallDisk, unmountSmallDisk } from '../small-disk.js';
import { isWhole } from './publish-forever.js';
import { describeStore } from './store-contract.js';
import { transpile } from './transpile.js';

const root = await mkdtemp(join(tmpdir(), 'ufm-store-'));
afterAll(() => rm(root, { recursive: true }));

let folders = 0;
const newFolder = () => join(root, `store-${folders++}`);

describeStore('a folder', () => {
  const folder = newFolder();
  return Promise.resolve([new FolderStore(folder), new FolderStore(folder)]);
});

describe('a folder store', () => {
  it('gives a file the same version after it was copied with its times', async () => {
    const store = new FolderStore(newFolder());
    await store.publish('parts/a', Buffer.from('one'));
    const copy = newFolder();
    await execa('cp', ['-a', store.url, copy]);
    expect(await new FolderStore(copy).details('parts')).toEqual(await store.details('parts'));
  });

  it('leaves no temporary file behind, whether it won or not', async () => {
    const store = new FolderStore(newFolder());
    await store.publish('parts/a', Buffer.from('one'));
    await store.publish('parts/a', Buffer.from('two'));
    await store.replace('report', Buffer.from('three'));
    expect(await readdir(join(store.url, 'tmp'))).toEqual([]);
  });

  it('leaves nothing of a file for which the disk has no room', async ({ skip }) => {
    const folder = newFolder();
    await mkdir(folder);
    if (!(await mountSmallDisk(folder))) skip('only root may make a small disk');
    try {
      const store = new FolderStore(folder);
      const ballast = join(folder, 'ballast');
      await store.publish('parts/a', Buffer.from('one'));
      await fillDisk(ballast);
      await expect(store.publish('parts/b', Buffer.alloc(1 << 20))).rejects.toThrow(/ENOSPC/);
      expect(await readdir(join(folder, 'tmp'))).toEqual([]);
      await rm(ballast);
      expect(await store.publish('parts/b', Buffer.alloc(1 << 20))).toBe(true);
    } finally {
      await unmountSmallDisk(folder);
    }
  });

  it('makes its folder at the first write, not before', async () => {
    const store = new FolderStore(join(newFolder(), 'deep', 'down'));
    expect(await store.read('parts/a')).toBeNull();
    expect(await store.list('parts')).toEqual([]);
    await expect(readdir(store.url)).rejects.toThrow(/ENOENT/);
    expect(await store.publish('parts/a', Buffer.from('one'))).toBe(true);
  });

  it('is not made where it has to be there, as where its file system is mounted no more', async () => {
    const above = newFolder();
    const store = new FolderStore(join(above, 'store'), { hasToBeThere: true });
    const writes = [store.publish('parts/a', Buffer.from('one')), store.replace('b', Buffer.from('two')), store.quarantine('parts/a')]; // prettier-ignore
    await Promise.allSettled(writes);
    await expect(writes[0]).rejects.toThrow(/ENOENT/);
    await expect(readdir(above)).rejects.toThrow(/ENOENT/);
    await mkdir(store.url, { recursive: true });
    expect(await store.publish('parts/a', Buffer.from('one'))).toBe(true);
  });

  it('refuses symbolic links that lead out of it, for reading and for writing', async () => {
    const outside = newFolder();
    await mkdir(outside);
    await writeFile(join(outside, 'secret'), 'secret');
    const store = new FolderStore(newFolder());
    await store.publish('parts/a', Buffer.from('one'));
    await symlink(outside, join(store.url, 'link'));
    await symlink(join(outside, 'secret'), join(store.url, 'parts', 'file'));
    await expect(store.read('link/secret')).rejects.toThrow(/leads out of the store/);
    await expect(store.read('parts/file')).rejects.toThrow(/parts\/file.*is a link/);
    await expect(store.publish('link/new', Buffer.from('x'))).rejects.toThrow(/leads out/);
    await expect(store.replace('link/deep/new', Buffer.from('x'))).rejects.toThrow(/leads out/);
    await expect(store.list('link')).rejects.toThrow(/leads out/);
    expect(await store.list('parts')).toEqual(['parts/a', 'parts/file']);
    expect(await readdir(outside)).toEqual(['secret']);
  });

  it('may itself lie behind a symbolic link', async () => {
    const place = newFolder();
    await mkdir(place);
    const alias = newFolder();
    await symlink(place, alias);
    const store = new FolderStore(alias);
    await store.publish('parts/a', Buffer.from('one'));
    expect(await readFile(join(place, 'parts', 'a'), 'utf8')).toBe('one');
    expect(await store.list('parts')).toEqual(['parts/a']);
  });

  it('has no half file under a final name when writers are killed in the middle of a write', async () => {
    const program = await transpile(join(root, 'program'), [
      'results/files.ts',
      'results/make-folders.ts',
      'results/folder-store.ts',
      'results/make-folders.ts',
      'results/paths.ts',
      'results/relative-path.ts',
      'results/unusable-file.ts',
      'test/results/publish-forever.ts',
    ]);
    const store = new FolderStore(newFolder());
    for (let kill = 1; kill <= 12; kill++) {
      const script = join(program, 'test/results/publish-forever.js');
      const writer = spawn(process.execPath, [script, store.url], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      for await (const line of createInterface(writer.stdout)) {
        if (line === `published ${kill}`) writer.kill('SIGKILL');
      }
    }
    const paths = await store.list('parts');
    const files = await Promise.all(paths.map((path) => store.read(path)));
    expect(files.length).toBeGreaterThanOrEqual(78);
    expect(files.filter((file) => !isWhole(file!))).toEqual([]);
    // Some were killed in the middle: what they left stands where nobody looks for parts.
    expect(await readdir(join(store.url, 'tmp'))).not.toEqual([]);
  });
});

describe('opening a store', () => {
  it('takes a folder or a file URL', async () => {
    const folder = newFolder();
    expect(openStore(folder).url).toBe(folder);
    await openStore(pathToFileURL(folder).href).publish('a', Buffer.from('one'));
    expect(await openStore(folder).read('a')).toEqual(Buffer.from('one'));
  });

  it('says what it cannot open', () => {
    expect(() => openStore('ftp://host/folder')).toThrow(
      /stores such as ftp:.* give a folder, or s3/,
    );
    expect(() => openStore('')).toThrow(/no name/);
  });
});
