import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../results/database.js';
import { exportStudy } from '../../results/export.js';
import type { Store } from '../../results/store.js';
import { RESULTS_COLUMNS } from '../../results/views.js';
import { newStores, SPEC_HASH, storeStudy, STUDY } from './stored-study.js';

const newStore = await newStores();
const names = RESULTS_COLUMNS.map(({ name }) => name);
const keys = Array.from({ length: 10 }, (_, index) => index.toString(16).padStart(64, '0'));

/** What an export of `storeStudy` says of itself: the versions and instants of `sampleRow`. */
const MADE_BY = {
  'ufm.study': 'collapse',
  'ufm.spec_hash': SPEC_HASH,
  'ufm.code_version': '0.1.0',
  'ufm.numerical_version': '1',
  'ufm.solved_from': '2026-01-01T00:00:00.000000Z',
  'ufm.solved_until': '2026-01-01T00:00:00.009000Z',
};

async function results(store: Store) {
  const database = await openDatabase(store, { study: 'collapse', specHash: SPEC_HASH });
  const rows = await database.query('SELECT * FROM results ORDER BY point_key');
  database.close();
  return rows;
}

async function duckdb(sql: string) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  return (await connection.runAndReadAll(sql)).getRowObjectsJS();
}

describe('what stands beside a CSV file', () => {
  it('replaces a link, and not what that leads to', async () => {
    const store = newStore();
    const { version } = await storeStudy(store);
    const file = join(store.url, 'out.csv');
    const mine = join(store.url, 'mine.json');
    await writeFile(mine, 'mine');
    await symlink(mine, `${file}.json`);
    await exportStudy(store, version, 'csv', file);
    expect(await readFile(mine, 'utf8')).toBe('mine');
    expect(JSON.parse(await readFile(`${file}.json`, 'utf8'))).toMatchObject({ 'ufm.study': 'collapse' }); // prettier-ignore
  });
});

describe('an export', () => {
  it('is one sorted Parquet file with every column and the study in its metadata', async () => {
    const store = newStore();
    const { version } = await storeStudy(store);
    const file = join(store.url, 'out.parquet');
    expect(await exportStudy(store, version, 'parquet', file)).toEqual({
      rows: 10,
      problems: [],
      planned: 10,
      missing: 0,
    });
    const rows = await duckdb(`SELECT * FROM read_parquet('${file.replace("'", "''")}')`);
    expect(rows.map((row) => row['point_key'])).toEqual(keys);
    expect(Object.keys(rows[0]!)).toEqual(names);
    const metadata = await duckdb(
      `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata('${file.replace("'", "''")}')`,
    );
    const study = metadata.find(({ key }) => key === 'ufm.study_json')?.['value'];
    expect(JSON.parse(study as string)).toEqual(STUDY);
    const rest = Object.fromEntries(metadata.map(({ key, value }) => [key as string, value]));
    expect(rest).toMatchObject(MADE_BY);
  });

  it('is an Arrow file with the same values, types and metadata', async () => {
    const store = newStore();
    const { version } = await storeStudy(store);
    const file = join(store.url, 'out.arrow');
    expect(await exportStudy(store, version, 'arrow', file)).toEqual({
      rows: 10,
      problems: [],
      planned: 10,
      missing: 0,
    });
    const table = tableFromIPC(await readFile(file));
    expect(Object.fromEntries(table.schema.metadata)).toMatchObject(MADE_BY);
    expect(table.schema.fields.map(({ name }) => name)).toEqual(names);
    expect(table.getChild('point_key')?.toArray()).toEqual(keys);
    const expected = await results(store);
    const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
    expect(Array.from(table.getChild('cos_w')!, plain)).toEqual(
      expected.map((row) => row['cos_w']),
    );
    expect([...table.getChild('objective')!]).toEqual(expected.map((row) => row['objective']));
    const seeds = Array.from(table.getChild('seed')!, (seed: bigint | null) =>
      seed === null ? null : Number(seed),
    );
    expect(seeds).toEqual(expected.map((row) => row['seed']));
  });

  it('is a CSV file, with where it came from beside it', async () => {
    const store = newStore();
    const { version } = await storeStudy(store);
    const file = join(store.url, 'out.csv');
    await exportStudy(store, version, 'csv', file);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[0]!.split(',')).toEqual(names);
    expect(JSON.parse(await readFile(`${file}.json`, 'utf8'))).toMatchObject(MADE_BY);
  });

  it.each(['parquet', 'arrow', 'csv'] as const)(
    'as %s has equal bytes for equal results',
    async (format) => {
      const store = newStore();
      const { version } = await storeStudy(store);
      const files = [join(store.url, 'one'), join(store.url, 'two')];
      for (const file of files) await exportStudy(store, version, format, file);
      const [one, two] = await Promise.all(files.map((file) => readFile(file)));
      expect(one!.equals(two!)).toBe(true);
    },
  );

  it('replaces what was there, and leaves nothing half done', async () => {
    const store = newStore();
    const { version } = await storeStudy(store);
    const file = join(store.url, 'out.csv');
    await writeFile(file, 'old');
    await exportStudy(store, version, 'csv', file);
    expect(await readFile(file, 'utf8')).toMatch(/^grid,/);
    await expect(
      exportStudy(store, version, 'csv', join(store.url, 'none', 'out.csv')),
    ).rejects.toThrow();
    expect(
      (await readdir(dirname(file))).filter(
        (name) => name.includes('tmp.') || name.endsWith('.tmp'),
      ),
    ).toEqual([]);
  });

  it.each(['parquet', 'arrow', 'csv'] as const)(
    'as %s of nothing has columns but no rows',
    async (format) => {
      const store = newStore();
      const { version, parts } = await storeStudy(store);
      for (const path of parts) await store.quarantine(path);
      const file = join(store.url, 'empty');
      expect(await exportStudy(store, version, format, file)).toEqual({
        rows: 0,
        problems: [],
        planned: 10,
        missing: 10,
      });
      if (format === 'arrow') expect(tableFromIPC(await readFile(file)).numRows).toBe(0);
      if (format === 'csv') expect((await readFile(file, 'utf8')).trim().split(',')).toEqual(names);
    },
  );

  it('says which parts it left out', async () => {
    const store = newStore();
    const { version, parts } = await storeStudy(store);
    await writeFile(await store.localPath(parts[0]!), '');
    expect(await exportStudy(store, version, 'csv', join(store.url, 'out.csv'))).toEqual({
      rows: 6,
      problems: [{ path: parts[0], reason: 'the file is empty' }],
      planned: 10,
      missing: 4,
    });
  });
});
