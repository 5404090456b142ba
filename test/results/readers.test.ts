import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ParquetReader } from '@dsnp/parquetjs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import type { ColumnValue } from '../../results/arrow-values.js';
import { COLUMNS } from '../../results/columns.js';
import { encodePart } from '../../results/part.js';
import { NOTHING_FOUND } from '../../ufm/report.js';
import { sampleRow } from './sample-rows.js';
import { land, newStores } from './stored-study.js';

/** Rows in which every nullable column is null somewhere, and one part has nothing but nulls in many. */
const parts = [
  [0, 1, 2, 3].map((index) => sampleRow(index)),
  [sampleRow(4, { instance: { clusters: [[10, 50]], lambdaB: null, seed: null } })],
  [
    sampleRow(5, { instance: { clusters: [[2, 9], [1, 3]], solver: 'exact', seed: 2 ** 53 - 1 } }),
    sampleRow(6, { solution: { ...NOTHING_FOUND, status: 'failed', message: 'kein Speicher – ∞' } }),
  ],
  [sampleRow(7, { solution: { ...NOTHING_FOUND, status: 'diverged', message: 'x'.repeat(5000) } })],
]; // prettier-ignore

const newStore = await newStores();
const store = newStore();
for (const rows of parts) await land(store, rows);

/** The rows as JSON has them, instants in microseconds. */
const expected = parts
  .flat()
  .map((row) => Object.fromEntries(COLUMNS.map((column) => [column.name, asJson(column.of(row))])));

function asJson(value: ColumnValue): unknown {
  return value instanceof Date ? value.getTime() * 1000 : value;
}

const python = resolve('.tools/python/bin/python');

describe.skipIf(!existsSync(python))(
  `parts in Python${existsSync(python) ? '' : ' (skipped: no .tools/python; run node infra/python.mjs)'}`,
  () => {
    it.each(['pyarrow', 'pandas', 'polars', 'duckdb'])(
      'are read by %s, value by value',
      async (library) => {
        const folder = await store.localPath('parts');
        const { stdout } = await execa(python, [
          '-I',
          resolve('test/results/readers.py'),
          library,
          folder,
        ]);
        expect(JSON.parse(stdout)).toEqual(expected);
      },
    );

    it('are checked by the lines that docs/results.md shows', async () => {
      const page = await readFile('docs/results.md', 'utf8');
      const program = /```python\n(import hashlib[^`]*)```/.exec(page)![1]!;
      const path = resolve(store.url, 'part');
      const check = async (bytes: Uint8Array) => {
        await writeFile(path, bytes);
        return (await execa(python, ['-I', '-c', program, path])).stdout;
      };
      const part = encodePart(parts[0]!);
      expect(await check(part)).toBe('True');
      part[1000]! ^= 1;
      expect(await check(part)).toBe('False');
    });
  },
);

describe('parts in parquetjs', () => {
  it('are read row by row, value by value', async () => {
    const rows: unknown[] = [];
    for (const part of parts) {
      const reader = await ParquetReader.openBuffer(Buffer.from(encodePart(part)));
      for await (const row of reader) {
        rows.push(
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])),
        );
      }
      await reader.close();
    }
    expect(rows).toEqual(expected);
  });
});

/** What parquetjs makes of a value, which has a list as Parquet nests it, as JSON has it. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return asJson(value);
  if (typeof value !== 'object' || value === null) return value;
  return (value as { list: { element: unknown }[] }).list.map(({ element }) => plain(element));
}
