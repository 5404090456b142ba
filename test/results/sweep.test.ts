import { randomUUID } from 'node:crypto';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderStore } from '../../results/folder-store.js';
import { partPath, piecePath, piecesFolder, unfinishedPath } from '../../results/paths.js';
import { sweep } from '../../results/sweep.js';
import type { Store } from '../../results/store.js';
import { newStore } from '../activities/small-study.js';

const HOUR = 3600;
const VERSION = { study: 'small', specHash: 'abc' };

/** Publishes a file as if so many hours ago. */
async function publish(store: Store, file: string, hoursAgo: number): Promise<void> {
  await store.publish(file, Buffer.from(file));
  const then = Date.now() / 1000 - hoursAgo * HOUR;
  await utimes(await store.localPath(file), then, then);
}

const shard = (digit: string): string => digit.repeat(32);
const piece = (digit: string, first: number): string => piecePath(VERSION, shard(digit), first);

describe('sweeping a store', () => {
  it('takes unfinished files of yesterday, and none that somebody may be writing', async () => {
    const store = await newStore();
    const beingWritten = unfinishedPath();
    await publish(store, unfinishedPath(), 25);
    await publish(store, beingWritten, 23);
    await sweep(store, VERSION, []);
    expect(await store.list('tmp')).toEqual([beingWritten]);
  });

  it('takes nothing that this program has not named, however old', async () => {
    const store = await newStore();
    const pieces = piecesFolder(VERSION);
    const foreign = [
      'tmp/thesis.tex',
      'tmp/ufm-notes',
      `tmp/${randomUUID()}`,
      `tmp/mine/ufm-${randomUUID()}`,
      `tmp/ufm-${randomUUID()}.bak`,
      `${pieces}/mine.parquet`,
      `${pieces}/${shard('a')}.parquet`,
      `${pieces}/old/${shard('a')}-0.parquet`,
      `${pieces}/${shard('a')}-0.parquet.txt`,
    ];
    for (const file of foreign) await publish(store, file, 1000);
    await sweep(store, VERSION, [partPath(shard('a'))]);
    const left = [...(await store.list('tmp')), ...(await store.list('studies'))];
    expect(left.sort()).toEqual([...foreign].sort());
  });

  it('takes pieces of shards that have landed or that nobody goes on with, and no others', async () => {
    const store = await newStore();
    const left = [piece('a', 0), piece('a', 4), piece('b', 0)];
    const needed = [piece('c', 0), piece('c', 4)];
    await publish(store, piece('a', 0), 1);
    await publish(store, piece('a', 4), 0);
    await publish(store, piece('b', 0), 30);
    // A shard that takes days has old pieces, too.
    await publish(store, piece('c', 0), 30);
    await publish(store, piece('c', 4), 2);
    await publish(store, partPath(shard('a'), 1), 50);
    expect(left.length + needed.length).toBe((await store.list('studies')).length);
    await sweep(store, VERSION, await store.list('parts'));
    expect(await store.list('studies')).toEqual(needed);
    expect(await store.list('parts')).toEqual([partPath(shard('a'), 1)]);
  });

  it('lets a writer that stood still for longer write its file again', async () => {
    const store = new FolderStore((await newStore()).url);
    const bytes = Buffer.alloc(1 << 20);
    const tomorrow = Date.now() + 25 * HOUR * 1000;
    const over = new AbortController();
    const writing = store
      .publish('parts/a', bytes)
      .catch((error: unknown) => error)
      .finally(() => {
        over.abort();
      });
    const folder = path.join(store.url, 'tmp');
    const isThere = async () => (await readdir(folder).catch(() => [])).length > 0;
    while (!over.signal.aborted && !(await isThere()));
    await sweep(store, VERSION, [], tomorrow);
    // It was either quicker than the sweep, or says that its file is not there.
    const outcome = await writing;
    if (outcome !== true) expect(outcome).toMatchObject({ code: 'ENOENT' });
    if (outcome !== true) expect(await store.publish('parts/a', bytes)).toBe(true);
    expect(bytes.equals((await store.read('parts/a'))!)).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });

  it('does nothing in a store without anything to sweep', async () => {
    const store = await newStore();
    await writeFile(path.join(store.url, 'a person’s notes'), '');
    await sweep(store, VERSION, []);
    expect(await readdir(store.url)).toEqual(['a person’s notes']);
  });
});
