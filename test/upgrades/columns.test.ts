import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { halfDone, RUN, STORE } from './half-done.js';
import { answer, otherBuild, THIS_BUILD, type Build } from './other-build.js';

interface Rows {
  readonly rows: number;
  readonly keys: number;
  /** Rows that have a value in the column. */
  readonly values: number;
}

async function rowsOf(build: Build, cwd: string, value: string): Promise<Rows> {
  const sql = `SELECT count(*)::INTEGER AS rows, count(DISTINCT point_key)::INTEGER AS keys,
    count(${value})::INTEGER AS values FROM parts`;
  return (await answer<[Rows]>(build, cwd, 'query', 'locating', sql, ...STORE))[0];
}

interface Ending {
  readonly state: string;
  readonly points: { readonly total: number; readonly failed: number; readonly cached: number };
}

describe('a study that was stopped before a column was added', () => {
  it('is gone on with by either program, and no point is solved for a column’s sake', async () => {
    const { cwd, landed } = await halfDone();
    const next = await otherBuild({ column: 'mood' });
    const { state, points } = await answer<Ending>(next, cwd, ...RUN);
    expect({ state, points }).toMatchObject({ state: 'done', points: { failed: 0, cached: landed } }); // prettier-ignore
    const { total } = points;
    const rows = { rows: total, keys: total, values: total - landed };
    expect(await rowsOf(next, cwd, 'mood')).toEqual(rows);
    expect(await rowsOf(THIS_BUILD, cwd, 'NULL')).toEqual({ ...rows, values: 0 });
    const again = await answer<Ending>(THIS_BUILD, cwd, ...RUN);
    expect(again.points).toMatchObject({ total, cached: total });
    for (const build of [next, THIS_BUILD]) {
      const found = await answer(build, cwd, 'verify', 'locating', ...STORE);
      expect(found).toMatchObject({ ok: true, points: { expected: total, missing: 0 } });
    }
    expect(await rowsOf(next, cwd, 'mood')).toEqual(rows);
    expect(await readdir(path.join(cwd, 'store'))).not.toContain('quarantine');
  }, 600_000);

  it('and the numbers changed, too, is gone on with, and is never a mixture', async () => {
    const { cwd, landed } = await halfDone();
    const next = await otherBuild({ column: 'mood', numericalVersion: NUMERICAL_VERSION + 1 });
    const { state, points } = await answer<Ending>(next, cwd, ...RUN);
    expect({ state, points }).toMatchObject({ state: 'done', points: { failed: 0, cached: 0 } });
    const sql = 'SELECT DISTINCT numerical_version AS version, mood FROM results';
    expect(await answer(next, cwd, 'query', 'locating', sql, ...STORE)).toEqual([
      { version: NUMERICAL_VERSION + 1, mood: 7 },
    ]);
    const found = await answer(next, cwd, 'verify', 'locating', ...STORE);
    expect(found).toMatchObject({ ok: true, points: { expected: points.total, older: landed } });
    const { total: rows } = points;
    expect(await rowsOf(next, cwd, 'mood')).toMatchObject({ rows, keys: rows });
    const all = 'SELECT count(DISTINCT point_key)::INTEGER AS keys FROM entries';
    expect(await answer(next, cwd, 'query', 'locating', all, ...STORE)).toEqual([
      { keys: rows + landed },
    ]);
  }, 600_000);
});
