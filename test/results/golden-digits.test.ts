import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../../results/columns.js';
import type { Column } from '../../results/columns/column.js';
import { decodePart, encodePart } from '../../results/part.js';
import { plainRow } from '../../results/plain-row.js';
import { instanceOfRow } from '../../results/stored-instance.js';
import { pointKey } from '../../study/key.js';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { solveBatch } from '../../ufm/solve.js';

const HERE = path.join(import.meta.dirname, '../golden');
const versions = (await readdir(HERE, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** What of a row is not of the point, but of the run that solved it. */
const OF_THE_RUN = new Set([
  'seconds',
  'attempt',
  'worker',
  'code_version',
  'spec_hash',
  'solved_at',
]);

async function rowsOf(version: string) {
  const folder = path.join(HERE, version, 'finished/parts');
  const parts = await Promise.all(
    (await readdir(folder)).map((name) => readFile(path.join(folder, name))),
  );
  return parts.flatMap((bytes) => decodePart(bytes));
}

describe.each(versions)('the rows of a store of %s', (version) => {
  it('have the keys of their instances, and are solved again to the last digit', async () => {
    const rows = (await rowsOf(version)).filter(
      ({ numerical_version, status }) =>
        numerical_version === NUMERICAL_VERSION && status !== 'failed',
    );
    for (const row of rows) {
      const instance = instanceOfRow(plainRow(row));
      expect(pointKey(instance, NUMERICAL_VERSION)).toBe(row.point_key);
      const [solution] = await solveBatch([instance], { device: 'loops' });
      const provenance = {
        ...{ attempt: 1, worker: 'worker', codeVersion: '0', specHash: '0', solvedAt: new Date(0) },
        numericalVersion: NUMERICAL_VERSION,
      };
      const [again] = decodePart(
        encodePart([{ key: row.point_key, instance, solution: solution!, provenance }]),
      );
      for (const { name } of COLUMNS as readonly Column[]) {
        const stored = plainRow(row)[name];
        // A column that came later is null there.
        if (OF_THE_RUN.has(name) || stored === null) continue;
        expect(plainRow(again!)[name], `${row.point_key} ${name}`).toEqual(stored);
      }
    }
  });
});
