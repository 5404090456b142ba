import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'; // prettier-ignore
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../results/database.js';
import type { Trusted } from '../../results/intact-files.js';
import { encodePart } from '../../results/part.js';
import { UnusableFile } from '../../results/unusable-file.js';
import { sampleRow } from './sample-rows.js';
import { land, newStores, storeStudy } from './stored-study.js';
import { transpile } from './transpile.js';

const newStore = await newStores();

const name = (digit: string): string => `parts/${digit.repeat(32)}.parquet`;

describe('a part that cannot be read', () => {
  it('is left out with its reason, and the others are read', async () => {
    const store = newStore();
    const { version, parts } = await storeStudy(store);
    const at = (part: string) => path.join(store.url, part);
    await truncate(at(name('a')), 0).catch(() => writeFile(at(name('a')), ''));
    await truncate(at(name('a')), 2.5e9);
    await promisify(execFile)('mkfifo', [at(name('b'))]);
    await symlink(at(parts[0]!), at(name('c')));
    const denied = new Map([[parts[2]!, new UnusableFile(parts[2]!, 'there is no permission to read it', true)]]); // prettier-ignore
    const read = store.read.bind(store);
    store.read = async (file, largest) => {
      const error = denied.get(file);
      if (error !== undefined) throw error;
      return read(file, largest);
    };
    const database = await openDatabase(store, version);
    expect(await database.query('SELECT count(*) AS n FROM results')).toEqual([{ n: 8 }]);
    const told = new Map(database.problems.map(({ path: file, reason }) => [file, reason]));
    database.close();
    expect(told.size).toBe(4);
    expect(told.get(name('a'))).toBe('it has 2500000000 bytes, more than the 1000000000 that it may have'); // prettier-ignore
    expect(told.get(name('b'))).toBe('it is no regular file');
    expect(told.get(name('c'))).toBe('it is a link');
    expect(told.get(parts[2]!)).toBe('there is no permission to read it');
  });

  it('says so to a user without the right to, of files and of folders', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip('only root can be somebody else');
    const folder = await mkdtemp(path.join(tmpdir(), 'ufm-denied-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await chmod(folder, 0o755);
    const sources = [
      'files',
      'make-folders',
      'folder-store',
      'paths',
      'relative-path',
      'unusable-file',
    ];
    await transpile(folder, sources.map((source) => `results/${source}.ts`)); // prettier-ignore
    await mkdir(path.join(folder, 'store/parts/closed'), { recursive: true });
    await writeFile(path.join(folder, 'store/parts/a'), 'x');
    await writeFile(path.join(folder, 'store/parts/b'), 'x');
    await chmod(path.join(folder, 'store/parts/a'), 0);
    await chmod(path.join(folder, 'store/parts/closed'), 0);
    const script = `
      const { FolderStore } = await import('${folder}/results/folder-store.js');
      const store = new FolderStore('${folder}/store');
      const error = await store.read('parts/a').catch((thrown) => thrown);
      console.log(JSON.stringify([await store.list('parts'), error.reason, error.mayBeSound]));`;
    const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', script], { uid: 65_534, gid: 65_534, cwd: '/' }); // prettier-ignore
    expect(JSON.parse(stdout)).toEqual([['parts/a', 'parts/b'], 'there is no permission to read it', true]); // prettier-ignore
  });
});

describe('a part that was replaced after it was checked', () => {
  it('is checked again by whoever trusted it', async () => {
    const store = newStore();
    const part = await land(store, [sampleRow(0)]);
    const file = path.join(store.url, part);
    const trusted: Trusted = new Map();
    const problems = async () => {
      const database = await openDatabase(store, undefined, { trusted });
      database.close();
      return database.problems;
    };
    expect(await problems()).toEqual([]);
    expect(await problems()).toEqual([]);
    const bytes = await readFile(file);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(file, bytes);
    expect(await problems()).toEqual([{ path: part, reason: 'the bytes do not match their SHA-256' }]); // prettier-ignore
    await rm(file);
    await store.publish(part, encodePart([sampleRow(0)]));
    expect(await problems()).toEqual([]);
  });
});

describe('a Parquet file that this program has not named', () => {
  it('is named, not read, and no fault of the store', async () => {
    const store = newStore();
    await store.publish('parts/copy of mine.parquet', encodePart([sampleRow(0)]));
    await store.publish(`parts/${'a'.repeat(32)}-0.parquet`, encodePart([sampleRow(1)]));
    await store.publish(`parts/below/${'a'.repeat(32)}.parquet`, encodePart([sampleRow(2)]));
    const database = await openDatabase(store);
    expect(await database.query('SELECT count(*) AS n FROM parts')).toEqual([{ n: 0 }]);
    expect(database.parts.problems).toEqual([]);
    expect(database.parts.foreign).toHaveLength(3);
    database.close();
  });
});
