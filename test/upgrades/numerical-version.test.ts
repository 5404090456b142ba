import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../results/open-store.js';
import { verifyStudy } from '../../results/verify.js';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { longStudy } from '../activities/long-study.js';
import { temporaryFolder } from '../cli/command.js';
import { halfDone, RUN, STORE } from './half-done.js';
import { answer, otherBuild, THIS_BUILD, type Build } from './other-build.js';
import { interrupt, start } from './program-run.js';

const NEXT = NUMERICAL_VERSION + 1;
const OLDER = 0;
const SEEDS = 16;
const SOON = { timeout: 90_000, interval: 50 };

/** Rows of the study, and of the store, by numerical version; and keys that were solved more than once. */
async function rowsOf(build: Build, cwd: string) {
  const counted = (view: string) =>
    `SELECT '${view}' AS view, numerical_version AS version, count(*)::INTEGER AS rows FROM ${view} GROUP BY ALL`;
  const twice = 'SELECT point_key FROM entries GROUP BY ALL HAVING count(*) > 1';
  const sql = `${counted('results')} UNION ALL ${counted('entries')}
    UNION ALL SELECT 'twice', 0, count(*)::INTEGER FROM (${twice}) ORDER BY ALL`;
  interface Count {
    readonly view: string;
    readonly version: number;
    readonly rows: number;
  }
  const counts = await answer<Count[]>(build, cwd, 'query', 'locating', sql, ...STORE);
  const of = (wanted: string) =>
    counts.filter(({ view }) => view === wanted).map(({ version, rows }) => ({ version, rows }));
  return { results: of('results'), store: of('entries'), twice: of('twice')[0]!.rows };
}

describe('a study that was stopped before the numbers changed', () => {
  it('is shown as it stands, is gone on with to its end, and is never a mixture', async () => {
    const { cwd, landed } = await halfDone();
    const next = await otherBuild({ numericalVersion: NEXT });

    const says = `the rows of locating are of numerical version ${NUMERICAL_VERSION}; \`ufm-sweep run\` solves them again with version ${NEXT}`;
    for (const words of [['status', 'locating'], ['query', 'locating', 'FROM results'], ['analyze', 'locating'], ['report', 'locating'], ['verify', 'locating']]) {
      const { stdout, stderr } = await next.run(cwd, ...words, ...STORE);
      expect(stderr, words.join(' ')).toContain(says);
      expect(stdout, words.join(' ')).not.toBe('');
    } // prettier-ignore
    expect(await rowsOf(next, cwd)).toEqual({
      results: [{ version: NUMERICAL_VERSION, rows: landed }],
      store: [{ version: NUMERICAL_VERSION, rows: landed }],
      twice: 0,
    });
    expect(await answer(next, cwd, 'plan', 'study.yaml', ...STORE)).toMatchObject({
      points: { total: 9, stale: 9, new: 0, cached: 0 },
      stale: [{ reason: `numerical version ${NUMERICAL_VERSION}, now ${NEXT}`, points: 9 }],
    });

    const { exitCode, stdout, stderr } = await next.run(cwd, ...RUN, '--json');
    expect(exitCode, stderr).toBe(0);
    expect(stderr).not.toMatch(/gone|failed/);
    const { points } = JSON.parse(stdout) as { points: { total: number } };
    expect(points).toMatchObject({ done: points.total, failed: 0, cached: 0 });
    expect(await answer(next, cwd, 'verify', 'locating', ...STORE)).toMatchObject({
      ok: true,
      numericalVersion: NEXT,
      points: { expected: points.total, missing: 0, superseded: 0, older: landed },
    });
    const done = await rowsOf(next, cwd);
    expect(done).toEqual({
      results: [{ version: NEXT, rows: points.total }],
      store: [{ version: NUMERICAL_VERSION, rows: landed }, { version: NEXT, rows: points.total }],
      twice: 0,
    }); // prettier-ignore
    await answer(next, cwd, ...RUN);
    expect(await rowsOf(next, cwd)).toEqual(done);

    // Whoever still has the version before goes on with what it has planned, beside the other.
    expect((await rowsOf(THIS_BUILD, cwd)).results).toEqual([
      { version: NUMERICAL_VERSION, rows: landed },
    ]);
    const back = await answer<{ points: object }>(THIS_BUILD, cwd, ...RUN);
    expect(back.points).toMatchObject({ total: points.total, failed: 0, cached: landed });
    expect(await rowsOf(THIS_BUILD, cwd)).toMatchObject({
      results: [{ version: NUMERICAL_VERSION, rows: points.total }],
      twice: 0,
    });
    expect((await rowsOf(next, cwd)).results).toEqual(done.results);
  }, 600_000);
});

describe('a study that runs when the numbers change, and nothing else', () => {
  it('goes on with the new ones, for nobody is left who solves the shards that were planned', async () => {
    const cwd = await temporaryFolder();
    await writeFile(path.join(cwd, 'study.yaml'), longStudy(SEEDS));
    const store = openStore(path.join(cwd, 'store'));
    const words = ['run', 'study.yaml', ...STORE, '--threads'];
    const before = start(await otherBuild({ numericalVersion: OLDER }), [...words, '1'], cwd);
    await expect.poll(async () => (await store.list('parts')).length, SOON).toBeGreaterThan(0);
    await interrupt(before);
    const after = start(THIS_BUILD, [...words, '2'], cwd);
    expect(await after.ended, after.said()).toBe(0);
    expect(after.said()).toMatch(/waited for workers of numerical version 0, and none is left: started anew/); // prettier-ignore
    expect(await verifyStudy(store, 'long')).toMatchObject({
      ...{ ok: true, numericalVersion: NUMERICAL_VERSION },
      points: { expected: 48 * SEEDS, present: 48 * SEEDS },
    });
  }, 600_000);
});
