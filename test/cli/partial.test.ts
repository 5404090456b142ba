import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, ufmSweep } from './command.js';

/** Eight points in shards of two. */
const STUDY = `
version: 1
name: small
shardSize: 2
grids:
  - name: collapse
    classes: 4
    majorityClasses: 2
    majoritySamples: 100
    minoritySamples: 25
    lambda: { from: 0.01, to: 0.045, points: 8 }
solver: { kind: exact }
`;

/** A study that was stopped before its last shard. */
async function partialStudy(): Promise<string> {
  const cwd = await temporaryFolder();
  await writeFile(path.join(cwd, 'study.yaml'), STUDY);
  await ufmSweep(['run', 'study.yaml', '--engine', 'local'], { cwd });
  const parts = path.join(cwd, 'ufm-results/parts');
  const [first] = await readdir(parts);
  await rm(path.join(parts, first!));
  return cwd;
}

const PARTIAL = /partial: 2 of the 8 points of small planned so far have no row yet/;

describe('a study of which not everything has landed', () => {
  it('is queried, exported and reported as far as it is, and each says so', async () => {
    const cwd = await partialStudy();
    const sql = 'SELECT count(*) AS n FROM results';
    const query = await ufmSweep(['query', 'small', sql, '--json'], { cwd });
    expect(query).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(PARTIAL) as string });
    expect(JSON.parse(query.stdout)).toEqual([{ n: 6 }]);

    for (const format of ['parquet', 'arrow', 'csv']) {
      const written = await ufmSweep(['export', 'small', '--format', format, '--json'], { cwd });
      expect(written.stderr).toMatch(PARTIAL);
      expect(JSON.parse(written.stdout)).toMatchObject({ rows: 6, partial: true, missing: 2 });
    }

    const report = await ufmSweep(['report', 'small', '--json'], { cwd });
    expect(report.stderr).toMatch(PARTIAL);
    const { report: file, partial } = JSON.parse(report.stdout) as {
      report: string;
      partial: boolean;
    };
    expect(partial).toBe(true);
    expect(await readFile(file, 'utf8')).toMatch(/Partial: 2 planned points without a row yet/);

    const status = await ufmSweep(['status', 'small', '--json'], { cwd });
    expect(JSON.parse(status.stdout)).toMatchObject({
      state: 'incomplete',
      points: { total: 8, done: 6, failed: 0 },
    });
  });

  it('is no longer partial when the rest has landed', async () => {
    const cwd = await partialStudy();
    await ufmSweep(['run', 'study.yaml', '--engine', 'local'], { cwd });
    const query = await ufmSweep(['query', 'small', 'SELECT 1 AS one', '--json'], { cwd });
    expect(query.stderr).toBe('');
  });
});
