import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../results/open-store.js';
import { saveText } from '../activities/small-study.js';
import { projectFile, temporaryFolder, ufmSweep } from './command.js';

const STUDY = `
version: 1
name: small
grids:
  - name: collapse
    classes: 4
    majorityClasses: 2
    majoritySamples: 100
    minoritySamples: 25
    lambda: { from: 0.01, to: 0.045, points: 8 }
    locate: { along: lambda, tolerance: 0.01 }
solver: { kind: exact }
`;

/** How many points `verify` misses. */
const missingIn = (text: string): number => Number(/(\d+) missing/.exec(text)?.[1]);

async function folderWithStudy(): Promise<string> {
  const cwd = await temporaryFolder();
  await writeFile(path.join(cwd, 'study.yaml'), STUDY);
  return cwd;
}

describe('a study file with mistakes', () => {
  it('is refused with every mistake at its line, and exits 2', async () => {
    const cwd = await temporaryFolder();
    await copyFile(projectFile('test/cli/ten-mistakes.yaml'), path.join(cwd, 'study.yaml'));
    for (const command of ['plan', 'run']) {
      const { exitCode, stderr, stdout } = await ufmSweep([command, 'study.yaml'], { cwd });
      expect(exitCode).toBe(2);
      expect(stdout).toBe('');
      const lines = [...stderr.matchAll(/study\.yaml:(\d+):\d+: /g)].map(([, line]) =>
        Number(line),
      );
      expect(lines).toEqual([1, 2, 4, 5, 10, 11, 12, 15, 17, 19]);
      expect(stderr).toMatch(/10 problems/);
      expect(stderr).not.toMatch(/ {4}at /);
    }
  });

  it('is asked for by name when it is not there', async () => {
    const { exitCode, stderr } = await ufmSweep(['run', 'nowhere.yaml'], {
      cwd: await temporaryFolder(),
    });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/nowhere\.yaml: there is no such file/);
  });
});

describe('a study of more points than anyone means by accident', () => {
  it('is planned and run only with --yes, and says where the points are', async () => {
    const cwd = await temporaryFolder();
    const huge = STUDY.replace(/ {4}locate.*\n/, '    seed: { from: 1, to: 90000, step: 1 }\n')
      .replace('points: 8', 'points: 12')
      .replace('exact', 'tensor');
    await writeFile(path.join(cwd, 'study.yaml'), huge);
    for (const command of ['plan', 'run']) {
      const { exitCode, stdout, stderr } = await ufmSweep([command, 'study.yaml'], { cwd });
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(
        /has 1,080,000 points, 1,080,000 of them in the grid collapse; .*--yes/,
      );
    }
    expect(await readdir(cwd)).toEqual(['study.yaml']);
  });
});

describe('a study on the local engine', () => {
  it('plans, runs, reuses what has landed, and is whole by every command that reads it', async () => {
    const cwd = await folderWithStudy();
    const json = async <T>(...commandArguments: string[]): Promise<T> => {
      const { exitCode, stdout, stderr } = await ufmSweep([...commandArguments, '--json'], { cwd });
      expect(stderr).toBe('');
      expect(exitCode).toBe(0);
      return JSON.parse(stdout) as T;
    };
    interface Counts {
      readonly points: Readonly<Record<string, number>>;
    }

    const before = await json<Counts>('plan', 'study.yaml');
    expect(before.points).toEqual({ total: 8, new: 8, stale: 0, cached: 0, failed: 0 });

    const first = await json<Counts & { state: string }>('run', 'study.yaml', '--engine', 'local');
    expect(first.state).toBe('done');
    expect(first.points['done']).toBe(first.points['total']);
    expect(first.points['cached']).toBe(0);

    const second = await json<Counts>('run', 'study.yaml', '--engine', 'local');
    expect(second.points['cached']).toBe(first.points['total']);

    const total = first.points['total']!;
    expect((await json<Counts>('plan', 'study.yaml')).points['cached']).toBe(8);
    expect(await json('verify', 'small')).toMatchObject({
      ok: true,
      points: { expected: total, present: total, missing: 0, duplicate: 0 },
    });
    expect(await json('status', 'small')).toMatchObject({ state: 'done', points: { done: total } });
    const rows = await json<{ n: number }[]>('query', 'small', 'SELECT count(*) AS n FROM results');
    expect(rows).toEqual([{ n: total }]);

    const { thresholds } = await json<{
      thresholds: { transition: string; lower: number; upper: number; theory: number | null }[];
    }>('analyze', 'small');
    const collapse = thresholds.find(({ transition }) => transition === 'minority-collapse')!;
    expect(collapse.lower).toBeLessThanOrEqual(collapse.theory!);
    expect(collapse.upper).toBeGreaterThanOrEqual(collapse.theory!);
    expect(collapse.upper - collapse.lower).toBeLessThanOrEqual(0.01 * collapse.upper);

    const { report, figures } = await json<{ report: string; figures: string }>('report', 'small');
    const page = await readFile(report, 'utf8');
    expect(page).toMatch(/^<!doctype html>/i);
    expect((await readdir(figures)).length).toBe(page.split('<figure>').length - 1);
    for (const format of ['parquet', 'arrow', 'csv']) {
      expect(await json('export', 'small', '--format', format)).toMatchObject({ rows: total });
    }
  });

  it('has rows that can be solved again alone, from what they say, to the same numbers', async () => {
    const cwd = await folderWithStudy();
    const tensor = STUDY.replace('exact', 'tensor').replace('name: small', 'name: tensor');
    await writeFile(path.join(cwd, 'tensor.yaml'), tensor);
    for (const name of ['study.yaml', 'tensor.yaml']) {
      await ufmSweep(['run', name, '--engine', 'local'], { cwd });
    }
    for (const name of ['small', 'tensor']) {
      const [row] = JSON.parse(
        (
          await ufmSweep(
            ['query', name, 'SELECT * FROM results ORDER BY "lambda" LIMIT 1', '--json'],
            { cwd },
          )
        ).stdout,
      ) as [{ point_key: string; objective: number; lower_bound: number; iterations: number }];
      const { stdout, exitCode } = await ufmSweep(
        ['solve', '--from', name, '--where', `point_key = '${row.point_key}'`],
        { cwd },
      );
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        id: row.point_key,
        objective: row.objective,
        lower_bound: row.lower_bound,
        iterations: row.iterations,
      });
    }
    const wrong = await ufmSweep(['solve', '--from', 'small', '--where', 'nonsense'], { cwd });
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toMatch(/--where nonsense/);
  });

  it('solves again exactly what was damaged or lost', async () => {
    const cwd = await folderWithStudy();
    await ufmSweep(['run', 'study.yaml', '--engine', 'local'], { cwd });
    const rows = await ufmSweep(
      ['query', 'small', 'SELECT DISTINCT filename FROM part_rows', '--json'],
      { cwd },
    );
    const [{ filename }] = JSON.parse(rows.stdout) as [{ filename: string }];
    const bytes = await readFile(filename);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    await writeFile(filename, bytes);

    const damaged = await ufmSweep(['verify', 'small'], { cwd });
    expect(damaged.exitCode).toBe(1);
    expect(damaged.stdout).toMatch(/NOT ok/);

    const lost = missingIn(damaged.stdout);
    const again = await ufmSweep(['retry', 'small', '--engine', 'local', '--json'], { cwd });
    expect(again.exitCode).toBe(0);
    const { points } = JSON.parse(again.stdout) as { points: Record<string, number> };
    expect(points['total']! - points['cached']!).toBe(lost);
    expect((await ufmSweep(['verify', 'small'], { cwd })).stdout).toMatch(/^ok/);
  });
});

describe('commands', () => {
  it('name the studies that there are when asked for another', async () => {
    const cwd = await temporaryFolder();
    await saveText(openStore(path.join(cwd, 'ufm-results')), STUDY);
    const { exitCode, stderr } = await ufmSweep(['verify', 'smal'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/no study smal; it has: small/);
  });

  it.each([
    ['frobnicate'],
    ['run'],
    ['plan', 'x', '--nonsense'],
    ['run', 'x', '--engine', 'magic'],
  ])('exit 2 on wrong usage: %s', async (...commandArguments) => {
    expect((await ufmSweep(commandArguments)).exitCode).toBe(2);
  });

  it('write the study file that is named', async () => {
    const cwd = await temporaryFolder();
    expect((await ufmSweep(['init', 'studies/mine.yaml'], { cwd })).exitCode).toBe(0);
    expect((await ufmSweep(['plan', 'studies/mine.yaml'], { cwd })).exitCode).toBe(0);
  });

  it('never write over a study file', async () => {
    const cwd = await temporaryFolder();
    expect((await ufmSweep(['init'], { cwd })).exitCode).toBe(0);
    expect((await ufmSweep(['plan', 'study.yaml'], { cwd })).exitCode).toBe(0);
    const { exitCode, stderr } = await ufmSweep(['init'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/is there already/);
  });
});
