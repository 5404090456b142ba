import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { FileCache } from '../../../results/s3/file-cache.js';
import { transpile } from '../transpile.js';
import { contentOf } from './keep-forever.js';

const root = await mkdtemp(path.join(tmpdir(), 'ufm-cache-'));
afterAll(() => rm(root, { recursive: true }));

let folders = 0;
const newFolder = (): string => path.join(root, `cache-${folders++}`);
const text = (value: string) => Buffer.from(value);

/** As if it had last been used so long ago. */
async function age(file: string, hours: number): Promise<void> {
  const then = new Date(Date.now() - hours * 3_600_000);
  await utimes(file, then, then);
}

describe('the cache of remote files', () => {
  it('finds a version of a file again, under its name, also in another process', async () => {
    const folder = newFolder();
    const kept = await new FileCache(folder, 1e6).keep('"v1"', 'parts/a.parquet', text('one'));
    expect(path.basename(kept)).toBe('a.parquet');
    expect(await readFile(kept, 'utf8')).toBe('one');
    const other = new FileCache(folder, 1e6);
    expect(await other.locate('"v1"', 'parts/a.parquet')).toBe(kept);
    expect(await other.find('"v1"', 'parts/a.parquet')).toEqual(text('one'));
  });

  it('removes nothing of somebody else from its folder', async () => {
    const folder = newFolder();
    await mkdir(path.join(folder, 'photos'), { recursive: true });
    const foreign = ['thesis.tex', 'photos/one.jpg'].map((name) => path.join(folder, name));
    for (const file of foreign) {
      await writeFile(file, 'x'.repeat(1000));
      await age(file, 1000);
    }
    const cache = new FileCache(folder, 16);
    const old = await cache.keep('"v1"', 'parts/a', text('x'.repeat(100)));
    await age(old, 1000);
    await cache.keep('"v2"', 'parts/a', text('y'.repeat(100)));
    await expect(stat(old)).rejects.toThrow('ENOENT');
    for (const file of foreign) expect((await readFile(file)).length).toBe(1000);
  });

  it('tells versions and names apart', async () => {
    const cache = new FileCache(newFolder(), 1e6);
    await cache.keep('"v1"', 'parts/a', text('one'));
    await cache.keep('"v2"', 'parts/a', text('two'));
    expect(await cache.find('"v1"', 'parts/a')).toEqual(text('one'));
    expect(await cache.find('"v2"', 'parts/a')).toEqual(text('two'));
    expect(await cache.find('"v3"', 'parts/a')).toBeNull();
    expect(await cache.find('"v1"', 'parts/b')).toBeNull();
  });

  it('keeps to its folder, whatever a service calls a version', async () => {
    const folder = newFolder();
    const cache = new FileCache(path.join(folder, 'inside'), 1e6);
    await cache.keep('"../../out"', 'a', text('one'));
    expect(await cache.find('"../../out"', 'a')).toEqual(text('one'));
    expect(await readdir(folder)).toEqual(['inside']);
  });

  it('does not find a copy whose bytes have changed, and mends it when it is kept again', async () => {
    const folder = newFolder();
    const cache = new FileCache(folder, 1e6);
    const kept = await cache.keep('"v1"', 'a', text('one'));
    await writeFile(kept, 'ONE');
    expect(await cache.find('"v1"', 'a')).toBeNull();
    expect(await new FileCache(folder, 1e6).locate('"v1"', 'a')).toBeNull();
    expect(await cache.keep('"v1"', 'a', text('one'))).toBe(kept);
    expect(await cache.find('"v1"', 'a')).toEqual(text('one'));
  });

  it('forgets a version', async () => {
    const cache = new FileCache(newFolder(), 1e6);
    await cache.keep('"v1"', 'a', text('one'));
    await cache.drop('"v1"');
    expect(await cache.locate('"v1"', 'a')).toBeNull();
    expect(await cache.find('"v1"', 'a')).toBeNull();
  });

  it('removes what was not used for longest until the rest fits, and nothing that may be open', async () => {
    const folder = newFolder();
    const cache = new FileCache(folder, 3000);
    const files: string[] = [];
    for (let index = 0; index < 5; index++) {
      files.push(await cache.keep(`"v${index}"`, 'a', Buffer.alloc(1000, index)));
    }
    // All of them were used within the hour, so that they stay although they do not fit.
    expect(await exist(files)).toEqual([true, true, true, true, true]);
    for (const [index, file] of files.slice(0, 4).entries()) await age(file, 10 - index);
    await cache.find('"v0"', 'a');
    files.push(await cache.keep('"v5"', 'a', Buffer.alloc(1000, 5)));
    expect(await exist(files)).toEqual([true, false, false, false, true, true]);
  });

  it('leaves no folder without a copy, and takes none of somebody else for one', async () => {
    const folder = newFolder();
    const foreign = ['photos', path.join('photos', 'empty'), 'a'.repeat(64)];
    for (const name of foreign) await mkdir(path.join(folder, name), { recursive: true });
    const cache = new FileCache(folder, 1000, 0);
    for (let index = 0; index < 20; index++) {
      await cache.keep(`"v${index}"`, 'a', Buffer.alloc(500, index));
    }
    const all = await readdir(folder, { recursive: true, withFileTypes: true });
    const copies = all.filter((entry) => entry.isFile()).map(({ parentPath }) => parentPath);
    const folders = all.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => path.join(parentPath, name)); // prettier-ignore
    const expected = [...copies, ...copies.map((copy) => path.dirname(copy)), ...foreign.map((name) => path.join(folder, name))]; // prettier-ignore
    expect(new Set(folders)).toEqual(new Set(expected));
    expect(copies.length).toBeLessThan(5);
  });

  it('removes what a process that was killed left unfinished', async () => {
    const folder = newFolder();
    await new FileCache(folder, 1000).keep('"v1"', 'a', Buffer.alloc(10));
    const unfinished = path.join(folder, `${randomUUID()}.unfinished`);
    await writeFile(unfinished, Buffer.alloc(2000));
    await age(unfinished, 2);
    await new FileCache(folder, 1000).keep('"v2"', 'a', Buffer.alloc(10));
    expect(await exist([unfinished])).toEqual([false]);
  });

  it('never shows anything but whole files to processes that fill and prune it, some of them killed', async () => {
    const program = await transpile(path.join(root, 'program'), [
      'results/s3/file-cache.ts',
      'test/results/s3/keep-forever.ts',
    ]);
    const folder = newFolder();
    const script = path.join(program, 'test/results/s3/keep-forever.js');
    const writers = [60, 60, 61, 90].map(async (rounds) => {
      const writer = spawn(process.execPath, [script, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(writer, 'exit');
      const wrong: string[] = [];
      for await (const line of createInterface(writer.stdout)) {
        if (!line.startsWith('round')) wrong.push(line);
        if (line === `round ${rounds}`) writer.kill('SIGKILL');
      }
      expect(wrong).toEqual([]);
      expect(await ended).toEqual([null, 'SIGKILL']);
    });
    await Promise.all(writers);
    const cache = new FileCache(folder, 1e9);
    let found = 0;
    for (let version = 0; version < 40; version++) {
      const copy = await cache.find(`"${version}"`, `${version}.parquet`);
      if (copy === null) continue;
      found++;
      expect(contentOf(version).equals(copy)).toBe(true);
    }
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(40);
  });
});

async function exist(files: readonly string[]): Promise<boolean[]> {
  return Promise.all(
    files.map((file) =>
      stat(file).then(
        () => true,
        () => false,
      ),
    ),
  );
}
