import { mkdir, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sweepDuckDBFolders } from '../../results/duckdb-folder.js';
import { openDuckDB, type OpenDuckDB } from '../../results/duckdb.js';

async function folderOf({ connection }: OpenDuckDB): Promise<string> {
  const reader = await connection.runAndReadAll("SELECT current_setting('temp_directory')");
  return reader.getRowsJS()[0]![0] as string;
}

/** Sorts more than fits into the memory of an instance, and counts the rows that came out changed. */
async function changedBySorting({ connection }: OpenDuckDB, seed: string): Promise<unknown> {
  const reader = await connection.runAndReadAll(`
    WITH rows AS (SELECT range AS n, repeat(md5('${seed}' || range), 16) AS text FROM range(700000)),
      sorted AS (FROM rows ORDER BY text)
    SELECT count(*) FILTER (text <> repeat(md5('${seed}' || n), 16))::INTEGER AS changed, count(*)::INTEGER AS n FROM sorted`);
  return reader.getRowObjectsJS()[0];
}

describe('the folder in which DuckDB sorts', () => {
  it('is of one instance and one user alone, and goes with it', async () => {
    const [one, two] = [await openDuckDB(), await openDuckDB()];
    const folders = [await folderOf(one), await folderOf(two)];
    expect(folders[0]).not.toBe(folders[1]);
    for (const folder of folders) expect((await stat(folder)).mode & 0o777).toBe(0o700);
    one.close();
    two.close();
    for (const folder of folders) await expect(stat(folder)).rejects.toThrow('ENOENT');
  });

  it('keeps what two instances of a process sort at the same time apart', async () => {
    const instances = [await openDuckDB(), await openDuckDB()];
    const changed = await Promise.all(instances.map((each, i) => changedBySorting(each, `s${i}`)));
    for (const instance of instances) instance.close();
    expect(changed).toEqual(instances.map(() => ({ changed: 0, n: 700_000 })));
  });

  it('is swept after a process that has ended without removing it, and nothing else is', async () => {
    const prefix = path.join(tmpdir(), `ufm-duckdb-${hostname()}-`);
    // Above the largest pid of Linux.
    const left = `${prefix}4999999-abcdef`;
    const others = [
      `${prefix}${process.pid}-abcdef`,
      `${prefix}4999999-thesis`.concat('.tex'),
      `${prefix}notes`,
      path.join(tmpdir(), 'ufm-duckdb-another-host-4999999-abcdef'),
    ];
    const target = `${prefix}mine`;
    const link = `${prefix}4999999-bcdefg`;
    onTestFinished(async () => {
      for (const folder of [...others, target, link]) await rm(folder, { recursive: true, force: true }); // prettier-ignore
    });
    for (const folder of [left, ...others, target]) {
      await mkdir(folder);
      await writeFile(path.join(folder, 'file'), 'x');
      await utimes(folder, 0, 0);
    }
    await symlink(target, link);
    sweepDuckDBFolders();
    await expect(stat(left)).rejects.toThrow('ENOENT');
    for (const folder of [...others, target, link]) expect(await readdir(folder)).toEqual(['file']);
  });
});
