import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ColumnShape } from '../../results/arrow-values.js';
import { DamagedFileError } from '../../results/checksum.js';
import { openDatabase } from '../../results/database.js';
import { layoutOf } from '../../results/layout/layout.js';
import { encodeParquet, unreadable } from '../../results/parquet.js';
import { encodePlan, PLAN_COLUMNS, readPlan } from '../../results/plan-file.js';
import { draws } from '../analysis/random.js';
import {
  footerStart,
  FORGED_FILES,
  forgedFile,
  reseal,
  spliced,
  SPOILT_FILES,
  varint,
} from './hostile-files.js';
import { publishPages } from './published-plan.js';
import { newStores, plannedPoint, storeStudy } from './stored-study.js';

const newStore = await newStores();

const POINTS = Array.from({ length: 40 }, (_, index) =>
  plannedPoint(index, { shard: Math.floor(index / 10) }),
);
const GOOD = Buffer.from(encodePlan(POINTS));

/** Files that no reader may see, by what is wrong with them. */
const HOSTILE = new Map<string, Uint8Array>();
for (const [name, spoil] of Object.entries(SPOILT_FILES)) HOSTILE.set(name, reseal(spoil(GOOD))!);
for (const [name, { sql, codec }] of Object.entries(FORGED_FILES)) {
  HOSTILE.set(name, await forgedFile(GOOD, sql, codec));
}

/** How many files with flipped bits are tried: more by the environment. */
const FLIPPED = Number(process.env['UFM_FUZZ'] ?? 300);

/** What comes of reading a plan: its rows, or why it is refused. Anything else would be thrown. */
function outcomeOf(bytes: Uint8Array): number | 'refused' {
  try {
    return readPlan(bytes).length;
  } catch (error) {
    if (error instanceof DamagedFileError || error instanceof SyntaxError) return 'refused';
    throw error;
  }
}

describe('a file under a forged seal', () => {
  it.each([...HOSTILE])('is refused %s, before anything decodes it', (_, bytes) => {
    const reason = unreadable(bytes, PLAN_COLUMNS);
    expect(reason).toMatch(/^[\w ,.-]{10,80}$/);
    expect(reason).not.toMatch(/SHA-256|another version/);
    expect(() => readPlan(bytes)).toThrow(DamagedFileError);
  });

  it('gives as many rows as it has or is refused, whichever number of its footer is a lie', () => {
    const lies = [-1n, 0n, 2n ** 31n - 1n, 2n ** 40n, 2n ** 63n - 1n].map(varint);
    const outcomes: (number | 'refused')[] = [];
    for (let at = footerStart(GOOD); at < GOOD.length - 8; at += 5) {
      // A number ends at its first byte below 128.
      let end = at;
      while (GOOD[end]! >= 128) end += 1;
      const bytes = reseal(spliced(GOOD, at, end + 1, lies[((at / 5) % lies.length) | 0]!));
      if (bytes !== null) outcomes.push(outcomeOf(bytes));
    }
    expect(new Set(outcomes)).toEqual(new Set([POINTS.length, 'refused']));
    expect(outcomes.length).toBeGreaterThan(500);
  });

  it(
    'is read or refused, and never ends the process, whichever bits are flipped',
    async () => {
      const { uniform } = draws(20261124);
      const store = newStore();
      const { version } = await storeStudy(store);
      const inDatabase: Uint8Array[] = [];
      for (let index = 0; index < FLIPPED; index++) {
        const file = Buffer.from(GOOD);
        for (let flips = 1 + Math.floor(uniform() * 3); flips > 0; flips--) {
          const at = Math.floor(uniform() * file.length);
          file[at]! ^= 1 << Math.floor(uniform() * 8);
        }
        const bytes = reseal(file);
        if (bytes === null) continue;
        const outcome = outcomeOf(bytes);
        expect(['refused', POINTS.length]).toContain(outcome);
        // What only the other reader stumbles over is found by it.
        if (inDatabase.length < 200 && unreadable(bytes, PLAN_COLUMNS) === null)
          inDatabase.push(bytes);
      }
      expect(inDatabase.length).toBeGreaterThan(10);
      await publishPages(store, version, inDatabase, { round: 1 });
      const database = await openDatabase(store, version);
      await database.query('SELECT * FROM points').catch((error: unknown) => {
        expect(error).toBeInstanceOf(DamagedFileError);
        expect(String(error)).toMatch(/plans\/pages\/[0-9a-f]{32}\.parquet: it cannot be read/);
      });
      database.close();
    },
    60_000 + 100 * FLIPPED,
  );
});

describe('the layout of a file', () => {
  const TEXT: readonly ColumnShape[] = [{ name: 'text', type: 'utf8', nullable: true }];
  const texts = encodeParquet(TEXT, [[['a', null, 'b']]]);
  const forged = (sql: string) => forgedFile(texts, sql);

  it('may come from another writer, if all is where it should be', async () => {
    expect(layoutOf(texts, 1)).toEqual({ fault: null, columns: TEXT });
    expect(layoutOf(await forged('FROM rows'), 1)).toEqual({ fault: null, columns: TEXT });
    const many = await forged(`SELECT range::VARCHAR AS text FROM range(200000)`);
    expect(layoutOf(many, 1)).toEqual({ fault: null, columns: TEXT });
  });

  it('is refused with more rows than any shard has', async () => {
    const bytes = await forged(`SELECT 'a' AS text FROM range(1000001)`);
    expect(bytes.length).toBeLessThan(10_000);
    expect(layoutOf(bytes, 1).fault).toMatch('1000001 rows');
  });

  it('is refused when it unfolds to more than the memory has, however small it is', async () => {
    const repeated = `SELECT repeat('x', 900000) AS text FROM range(1200)`;
    const bytes = await forged(repeated);
    expect(bytes.length).toBeLessThan(100_000);
    expect(layoutOf(bytes, 1).fault).toMatch('memory');
    expect(layoutOf(await forged(repeated.replace('1200', '12')), 1)).toEqual({
      fault: null,
      columns: TEXT,
    });
  });

  it('is refused with another number of row groups than its seal says', () => {
    expect(layoutOf(texts, 2).fault).toMatch('row groups');
  });
});

describe('a store with files of somebody with bad intent', () => {
  it('shows the good ones, and says of each other one what is wrong with it', async () => {
    const store = newStore();
    const { version } = await storeStudy(store);
    const files = [...HOSTILE.values()];
    await publishPages(store, version, files, { round: 1 });
    for (const [index, bytes] of files.entries()) {
      await store.publish(`parts/${index.toString(16).padStart(32, '0')}.parquet`, bytes);
    }
    const database = await openDatabase(store, version);
    expect(await database.query('SELECT count(*) AS n FROM results')).toEqual([{ n: 10 }]);
    expect(database.problems).toHaveLength(2 * files.length);
    database.close();
  });

  it('gives no file a meaning by its name', async () => {
    const store = newStore();
    const { version } = await storeStudy(store);
    const [part] = await store.list('parts');
    const bytes = (await store.read(part!))!;
    const names = ['*', "a'b", 'a"; DROP TABLE x --', 'a\nb', '\u001b[2J', '[a-z]*', 'ü'];
    for (const name of names) {
      await writeFile(`${await store.localPath('parts')}/${name}.parquet`, bytes);
    }
    const database = await openDatabase(store, version);
    expect(await database.query('SELECT count(*) AS n FROM parts')).toEqual([{ n: 10 }]);
    expect(database.problems.map(({ path }) => path).sort()).toEqual(
      names.map((name) => `parts/${name}.parquet`).sort(),
    );
    database.close();
  });

  it.each(['[a]*?', "quote's", 'a*'])('is read from a folder named %s', async (name) => {
    const outside = newStore();
    const { FolderStore } = await import('../../results/folder-store.js');
    const store = new FolderStore(`${outside.url}/${name}`);
    const { version } = await storeStudy(store);
    await storeStudy(new FolderStore(`${outside.url}/abc`));
    const database = await openDatabase(store, version);
    expect(await database.query('SELECT count(*) AS n FROM parts')).toEqual([{ n: 10 }]);
    database.close();
  });
});

describe('the database', () => {
  it.each([
    ['reads no file beside the store', "FROM read_text('/etc/hostname')"],
    ['reads no CSV beside the store', "FROM read_csv('/etc/hostname')"],
    ['lists no folder', "FROM glob('/*')"],
    ['attaches no database', "ATTACH '/tmp/ufm-attached.db'"],
    ['writes no file', "COPY (SELECT 1) TO '/tmp/ufm-copied.csv'"],
    ['exports nothing', "EXPORT DATABASE '/tmp/ufm-exported'"],
    ['fetches nothing', "FROM read_csv('http://127.0.0.1:9/a.csv')"],
    ['installs no extension', 'INSTALL httpfs'],
    ['loads no extension', 'LOAD httpfs'],
    ['takes no more memory', "SET memory_limit = '100GB'"],
    ['is not opened again', 'SET enable_external_access = true'],
    ['keeps its lock', 'SET lock_configuration = false'],
    ['spills nowhere else', "SET temp_directory = '/'"],
  ])('%s', async (_, sql) => {
    const store = newStore();
    const { version } = await storeStudy(store);
    const database = await openDatabase(store, version);
    await expect(database.query(sql)).rejects.toThrow(/disabled|locked|Cannot|cannot|not allowed/);
    database.close();
    expect((await readdir('/tmp')).filter((name) => /^ufm-(attached|copied|exported)/.test(name))).toEqual([]); // prettier-ignore
  });

  it('has questions read only, even where it could write', async () => {
    const store = newStore();
    const { version, parts } = await storeStudy(store);
    const database = await openDatabase(store, version);
    const target = await store.localPath(parts[0]!);
    const copy = `COPY (SELECT 1) TO '${target.replaceAll("'", "''")}'`;
    for (const sql of [
      copy,
      `SELECT 1; ${copy}`,
      `PREPARE x AS ${copy}`,
      `EXPLAIN ANALYZE ${copy}`,
      `EXPLAIN (ANALYZE) ${copy}`,
      "CALL enable_logging('QueryLog')",
      'SET threads = 1',
      'PRAGMA enable_profiling',
      'BEGIN',
      'CHECKPOINT',
      'DETACH memory',
      'VACUUM',
    ]) {
      await expect(database.ask(sql), sql).rejects.toThrow('only reads');
    }
    database.close();
  });

  it('has no statement and no function write anything beside a part', async () => {
    const store = newStore();
    const { version, parts } = await storeStudy(store);
    const before = await store.details('parts');
    const part = await store.localPath(parts[0]!);
    const target = join(part, '..', 'new').replaceAll("'", "''");
    const database = await openDatabase(store, version);
    await expect(
      database.ask(`FROM enable_logging('QueryLog', storage = 'file', storage_path = '${target}')`),
    ).rejects.toThrow('only reads');
    await expect(database.query(`COPY (SELECT 1) TO '${target}'`)).rejects.toThrow('disabled');
    database.close();
    expect(await store.details('parts')).toEqual(before);
  });

  it('answers all that reads', async () => {
    const store = newStore();
    const { version } = await storeStudy(store);
    const database = await openDatabase(store, version);
    for (const sql of [
      'SELECT 1',
      'FROM results',
      'DESCRIBE results',
      'SUMMARIZE results',
      'SHOW TABLES',
      'VALUES (1)',
      'EXPLAIN SELECT 1',
      'EXPLAIN ANALYZE FROM results',
      'PRAGMA table_info(results)',
      'PIVOT (SELECT 1 a, 2 b) ON a USING sum(b)',
      'CREATE TEMP TABLE t AS FROM results; SELECT count(*) FROM t;',
    ]) {
      expect((await database.ask(sql)).length, sql).toBeGreaterThan(0);
    }
    for (const nothing of ['', ' ', '-- nothing']) {
      await expect(database.ask(nothing)).rejects.toThrow('there is no statement to run');
    }
    await expect(database.ask('SELEC 1')).rejects.toThrow(/^Parser Error: syntax error/);
    database.close();
  });

  it('shows dates, times and bytes as DuckDB does', async () => {
    const database = await openDatabase(newStore());
    const sql = `SELECT DATE '2026-01-02' AS date, TIME '01:02:03' AS time, '\\xAA'::BLOB AS bytes, INTERVAL 3 DAY AS interval,
      [DATE '2026-01-02'] AS list, TIMESTAMPTZ '2026-01-01 00:00:00Z' AS instant, 5::BIGINT AS number`;
    expect(await database.ask(sql)).toEqual([
      {
        date: '2026-01-02',
        time: '01:02:03',
        bytes: '\\xAA',
        interval: '3 days',
        list: ['2026-01-02'],
        instant: new Date(Date.UTC(2026)),
        number: 5,
      },
    ]);
    database.close();
  });
});
