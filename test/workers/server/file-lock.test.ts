import { mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../../workers/server/file-lock.js';
import { OWN_IDENTITY } from '../../../workers/server/processes.js';

let folder: string;
let lock: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ufm-lock-'));
  lock = path.join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const work = (): Promise<string> => Promise.resolve('done');

describe('a lock', () => {
  it('lets one work at a time, names him meanwhile, and leaves nothing', async () => {
    let working = 0;
    const alone = async (): Promise<void> => {
      working += 1;
      expect(working).toBe(1);
      expect(await readFile(lock, 'utf8')).toBe(`${OWN_IDENTITY}\n`);
      working -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(lock, alone)));
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['of a process that has ended', '4194304 1 here\n'],
    ['of the same process id at another start of the machine', `${process.pid} 1 elsewhere\n`],
    ['that says something else', '[]\n'],
  ])('%s is taken over', async (_, holder) => {
    await writeFile(lock, holder);
    expect(await withLock(lock, work)).toBe('done');
    expect(await readdir(folder)).toEqual([]);
  });

  it('of somebody who was killed before he wrote his name is taken over', async () => {
    await writeFile(lock, '');
    await utimes(lock, new Date(0), new Date(0));
    expect(await withLock(lock, work)).toBe('done');
  });

  it('that cannot be made says so at once', async () => {
    await expect(withLock(path.join(folder, 'none', 'lock'), work)).rejects.toThrow(/ENOENT/);
    await expect(withLock('/proc/x', work)).rejects.toThrow(/ENOENT|EACCES/);
    await symlink(path.join(folder, 'lock-folder'), lock);
    await rm(lock);
    await expect(withLock(folder, work)).rejects.toThrow(/EISDIR/);
  });
});
