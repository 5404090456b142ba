import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { ColumnShape } from '../../results/arrow-values.js';
import { COLUMNS, type ResultRow } from '../../results/columns.js';
import type { Column } from '../../results/columns/column.js';
import { openDatabase } from '../../results/database.js';
import { encodeParquet } from '../../results/parquet.js';
import { decodePart, encodePart } from '../../results/part.js';
import { partPath, shardId, type StudyVersion } from '../../results/paths.js';
import { encodePlan } from '../../results/plan-file.js';
import { publishPlan } from './published-plan.js';
import type { Store } from '../../results/store.js';
import { RESULTS_COLUMNS } from '../../results/views.js';
import { NOTHING_FOUND } from '../../ufm/report.js';
import { sampleRow } from './sample-rows.js';
import { land, newStores, plannedPoint, storeStudy } from './stored-study.js';

const newStore = await newStores();

/** One query on a store. */
async function ask(store: Store, sql: string, study?: StudyVersion) {
  const database = await openDatabase(store, study);
  try {
    return await database.query(sql);
  } finally {
    database.close();
  }
}

describe('the database of a store', () => {
  it('shows the rows of all parts as they were written', async () => {
    const store = newStore();
    const rows = [0, 1, 2].map((index) => sampleRow(index));
    await land(store, rows.slice(0, 2));
    await land(store, rows.slice(2));
    const found = (await ask(store, 'SELECT * FROM parts ORDER BY point_key')) as ResultRow[];
    expect(found).toEqual(decodePart(encodePart(rows)));
  });

  it('shows the entries of all parts, and puts no row in reach, to who asks these alone', async () => {
    const store = newStore();
    await land(store, [0, 1].map((index) => sampleRow(index))); // prettier-ignore
    const database = await openDatabase(store, undefined, { entriesAlone: true });
    try {
      expect(await database.query('SELECT count(*) AS n FROM entries')).toEqual([{ n: 2 }]);
      await expect(database.query('SELECT * FROM parts')).rejects.toThrow(/parts does not exist/);
    } finally {
      database.close();
    }
  });

  it('shows rows of older and newer versions beside its own, with nulls where they lack a column', async () => {
    const store = newStore();
    const older = COLUMNS.filter(({ name }) => name !== 'rank');
    const newer = [{ name: 'later', type: 'utf8', nullable: true } as const, ...COLUMNS];
    const columnsOf = (shapes: readonly ColumnShape[], index: number) =>
      shapes.map((shape) => ['of' in shape ? (shape as Column).of(sampleRow(index)) : 'x']);
    for (const [index, shapes] of [older, COLUMNS, newer].entries()) {
      const path = partPath(shardId([sampleRow(index).key]));
      await store.publish(path, encodeParquet(shapes, [columnsOf(shapes, index)]));
    }
    expect(await ask(store, 'SELECT majority_samples, rank FROM parts ORDER BY 1')).toEqual([
      { majority_samples: 500, rank: null },
      { majority_samples: 501, rank: 2 },
      { majority_samples: 502, rank: 2 },
    ]);
    expect((await ask(store, 'DESCRIBE parts')).map((row) => row['column_name'])).toEqual(
      COLUMNS.map(({ name }) => name),
    );
  });

  it('has every view with its columns when nothing has landed or been planned', async () => {
    const version = { study: 'none', specHash: 'none' };
    for (const view of ['parts', 'landed', 'points', 'results']) {
      expect(await ask(newStore(), `SELECT * FROM ${view}`, version)).toEqual([]);
    }
    const sql = 'SELECT column_name, column_type FROM (DESCRIBE parts)';
    const store = newStore();
    await land(store, [sampleRow(0)]);
    expect(await ask(newStore(), sql)).toEqual(await ask(store, sql));
    expect((await ask(store, sql)).map((row) => row['column_name'])).toEqual(
      COLUMNS.map(({ name }) => name),
    );
  });

  it('shows the points of a study that have landed, one row a point of a grid', async () => {
    const store = newStore();
    const { version } = await storeStudy(store);
    await land(store, [sampleRow(99)]);
    const again = [
      plannedPoint(0, { round: 1, shard: -1 }),
      plannedPoint(0, { round: 1, shard: -1, grid: 'other' }),
      plannedPoint(50, { round: 1, shard: 0 }),
    ];
    await publishPlan(store, version, again, { round: 1 });
    const rows = await ask(store, 'SELECT * FROM results ORDER BY grid, point_key', version);
    expect(rows.map((row) => [row['grid'], row['majority_samples'], row['round']])).toEqual([
      ['other', 500, 1],
      ...Array.from({ length: 10 }, (_, index) => ['ratio', 500 + index, 0]),
    ]);
    expect(Object.keys(rows[0]!)).toEqual(RESULTS_COLUMNS.map(({ name }) => name));
  });

  it('lets SQL reach into the coordinates', async () => {
    const store = newStore();
    const { version } = await storeStudy(store);
    const sql = `SELECT count(*) AS n FROM results WHERE (coordinates->>'majoritySamples')::INT < 503`;
    expect(await ask(store, sql, version)).toEqual([{ n: 3 }]);
  });

  it('shows the best of several rows of a point, and the earliest of equals', async () => {
    const store = newStore();
    const { version } = await storeStudy(store);
    const failed = sampleRow(20, { solution: { ...NOTHING_FOUND, status: 'failed' } });
    const late = {
      ...sampleRow(20),
      provenance: { ...failed.provenance, solvedAt: new Date(2030, 1), worker: 'late' },
    };
    const early = {
      ...late,
      provenance: { ...late.provenance, solvedAt: new Date(2029, 1), worker: 'early' },
    };
    await land(store, [failed]);
    await land(store, [late], 1);
    await land(store, [early], 2);
    await publishPlan(store, version, [plannedPoint(20)], { round: 1 });
    const sql = `SELECT status, worker FROM results WHERE majority_samples = 520`;
    expect(await ask(store, sql, version)).toEqual([{ status: 'certified', worker: 'early' }]);
    expect(
      await ask(store, `SELECT count(*) AS n FROM parts WHERE majority_samples = 520`),
    ).toEqual([{ n: 3 }]);
  });

  it.each([
    ['cut short', (bytes: Uint8Array) => bytes.slice(0, 3000)],
    ['empty', () => new Uint8Array()],
    [
      'with a flipped bit',
      (bytes: Uint8Array) => bytes.map((byte, at) => (at === 2000 ? byte ^ 1 : byte)),
    ],
    ['of other columns', () => encodePlan([plannedPoint(1)])],
  ])('leaves out a part that is %s, and says so', async (_, spoil) => {
    const store = newStore();
    const { version, parts } = await storeStudy(store);
    const path = parts[1]!;
    await writeFile(await store.localPath(path), spoil((await store.read(path))!));
    const database = await openDatabase(store, version);
    expect(await database.query('SELECT count(*) AS n FROM results')).toEqual([{ n: 6 }]);
    expect(database.problems).toEqual([{ path, reason: expect.any(String) as string }]);
    database.close();
  });

  it('takes parameters and returns plain values', async () => {
    const database = await openDatabase(newStore());
    const sql = `SELECT $n::BIGINT AS n, 9007199254740993::BIGINT AS big, [1::BIGINT] AS list, {'a': 2::BIGINT} AS struct,
      TIMESTAMPTZ '2026-01-01 00:00:00Z' AS instant, NULL AS nothing`;
    expect(await database.query(sql, { n: 5 })).toEqual([
      {
        n: 5,
        big: 9007199254740993n,
        list: [1],
        struct: { a: 2 },
        instant: new Date(Date.UTC(2026)),
        nothing: null,
      },
    ]);
    database.close();
  });

  it('hands out rows in batches', async () => {
    const database = await openDatabase(newStore());
    const sizes: number[] = [];
    for await (const rows of database.batches('SELECT * FROM range(5000)')) sizes.push(rows.length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(5000);
    database.close();
  });

  it('passes on what DuckDB says of wrong SQL', async () => {
    await expect(ask(newStore(), 'SELECT nothing FROM parts')).rejects.toThrow(
      /"nothing" not found/,
    );
  });
});

describe('a query for lambda', () => {
  it('works with quotes, and says so without', async () => {
    const store = newStore();
    await land(store, [sampleRow(0)]);
    expect(await ask(store, 'SELECT round("lambda", 9) AS x FROM parts')).toEqual([{ x: 0.006 }]);
    await expect(ask(store, 'SELECT lambda FROM parts')).rejects.toThrow(/in double quotes/);
    await expect(ask(store, 'SELECT nothing, FROM FROM parts')).rejects.not.toThrow(
      /double quotes/,
    );
  });
});

describe('the points that have landed', () => {
  const sql = 'SELECT point_key, status FROM landed ORDER BY point_key';

  it('are those with a row in an intact part, with their best status', async () => {
    const store = newStore();
    const failed = sampleRow(3, { solution: { ...NOTHING_FOUND, status: 'failed' } });
    await land(store, [sampleRow(0), failed]);
    await land(store, [sampleRow(1), failed]);
    await writeFile(await store.localPath(await land(store, [sampleRow(2)])), 'not Parquet');
    expect(await ask(store, sql)).toEqual([
      { point_key: sampleRow(0).key, status: 'certified' },
      { point_key: sampleRow(1).key, status: 'certified' },
      { point_key: failed.key, status: 'failed' },
    ]);
  });

  it('do not depend on files that are no parts', async () => {
    const store = newStore();
    await store.publish('parts/notes.txt', Buffer.from('mine'));
    await land(store, [sampleRow(0)]);
    expect(await ask(store, sql)).toHaveLength(1);
  });
});
