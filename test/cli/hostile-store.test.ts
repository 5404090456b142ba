import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzeStudy } from '../../analysis/analyze.js';
import { requireOutside } from '../../cli/out-file.js';
import { findStudy } from '../../cli/study-name.js';
import { FolderStore } from '../../results/folder-store.js';
import { encodePart } from '../../results/part.js';
import { MARKER_PATH } from '../../results/store-identity.js';
import { encodePlan } from '../../results/plan-file.js';
import { forgedFile, reseal, SPOILT_FILES } from '../results/hostile-files.js';
import { sampleRow } from '../results/sample-rows.js';
import { publishPages } from '../results/published-plan.js';
import { plannedPoint } from '../results/stored-study.js';
import { ufmSweep } from './command.js';
import { TWO_POINTS } from './two-points.js';

/** A part that is well formed. */
const VALUES = `${'d'.repeat(32)}.parquet`;

const ESCAPES = '\u001b[2J\u202e\u0007';

let folder: string;

/** What a terminal would obey. */
const COMMANDS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

async function run(...words: string[]) {
  const ending = await ufmSweep(words, { cwd: folder, timeout: 60_000, env: { TEMPORAL_ADDRESS: '', NO_COLOR: '1', NODE_OPTIONS: '--max-old-space-size=700' } }); // prettier-ignore
  expect(ending.stdout + ending.stderr).not.toMatch(COMMANDS);
  expect(ending.stderr).not.toMatch(/^ {4}at /m);
  return ending;
}

/** Every file below the folder with its size, but for what the commands are there to write. */
async function tree(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)))
    .filter((name) => !/^ufm-results\/|^out[.-]/.test(name))
    .sort();
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ufm-hostile-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a store that somebody with bad intent can write into', () => {
  beforeAll(async () => {
    await writeFile(path.join(folder, 'study.yaml'), TWO_POINTS);
    const { exitCode } = await run('run', 'study.yaml', '--engine', 'local');
    expect(exitCode).toBe(0);
    const store = new FolderStore(path.join(folder, 'ufm-results'));
    const version = (
      await readFile(path.join(folder, 'ufm-results/studies/small/latest'), 'utf8')
    ).trim();
    const rows = [0, 1].map((index) =>
      sampleRow(index, {
        solution: { status: 'failed', message: ESCAPES, device: ESCAPES },
      }),
    );
    const part = Buffer.from(
      encodePart(rows.map((row) => ({ ...row, key: `${ESCAPES}${row.key}` }))),
    );
    const plan = Buffer.from(encodePlan([plannedPoint(1, { grid: ESCAPES })]));
    let number = 0;
    for (const spoil of Object.values(SPOILT_FILES)) {
      number += 1;
      await store.publish(
        `parts/${String(number).padStart(32, '0')}.parquet`,
        reseal(spoil(part))!,
      );
    }
    await store.publish(
      `parts/${'e'.repeat(32)}.parquet`,
      await forgedFile(part, 'SELECT 1 AS "\u001b[2J"'),
    );
    await store.publish(`parts/${ESCAPES}.parquet`, part);
    // This one is well formed: only what it says is hostile.
    await store.publish(`parts/${VALUES}`, part);
    const spoilt = Object.values(SPOILT_FILES).map((spoil) => reseal(spoil(plan))!);
    const small = { study: 'small', specHash: version };
    await publishPages(store, small, [...spoilt, plan], { round: 1 });
  });

  it('is answered plainly by every command, which leaves nothing elsewhere', async () => {
    const before = await tree();
    const commands = [
      [0, 'status', 'small'],
      [1, 'verify', 'small'],
      [0, 'query', 'small', 'SELECT message, device, worker FROM parts'],
      [2, 'query', 'small', `SELECT "${ESCAPES}" FROM parts`],
      [0, 'export', 'small', '--format', 'csv', '--out', 'out.csv'],
      [0, 'report', 'small', '--out', 'out.html'],
      [0, 'plan', 'study.yaml', '--json'],
    ] as const;
    const endings = await Promise.all(
      commands.map(async ([exitCode, ...words]) => {
        const ending = await run(...words);
        expect({ words, ...ending }).toMatchObject({ exitCode });
        return [words[0], ending.stdout + ending.stderr] as const;
      }),
    );
    for (const [command, text] of endings) {
      if (!['verify', 'plan', 'export', 'query'].includes(command)) continue;
      expect(text).toMatch(/parts\/0{31}1\.parquet/);
      expect(text).toMatch(/parts\/\\u001b\[2J\\u202e\\u0007\.parquet/);
    }
    // The point of the plan that somebody added cannot be found in any grid of the study.
    expect(await run('retry', 'small', '--engine', 'local')).toMatchObject({ exitCode: 3 });
    expect(await tree()).toEqual(before);
  }, 120_000);

  it.each(['../../etc', '/etc/passwd', 'a/../b', 'CON', 'a'.repeat(300), ESCAPES, ''])(
    'has no study %j',
    async (name) => {
      const found = findStudy(path.join(folder, 'ufm-results'), name);
      await expect(found).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringContaining('is no name of a study') as string,
      });
    },
  );

  it.each([
    ['latest', '../../../etc', 'names no version'],
    ['latest', `${ESCAPES}x`, 'names no version'],
    ['study.json', '{"grids": ', 'is not the study'],
    ['study.json', '[]', 'is not the study'],
    ['study.json', '{"name": "small", "solver": {"kind": "exact"}, "grids": [{"axes": 1}]}', 'is not the study'], // prettier-ignore
  ])('is answered plainly with %s of %j', async (file, text, told) => {
    const copy = path.join(folder, 'copy');
    await cp(path.join(folder, 'ufm-results/studies'), path.join(copy, 'studies'), { recursive: true }); // prettier-ignore
    await cp(path.join(folder, 'ufm-results', MARKER_PATH), path.join(copy, MARKER_PATH));
    const latest = await readFile(path.join(copy, 'studies/small/latest'), 'utf8');
    const target = file === 'latest' ? file : path.join(latest, file);
    await writeFile(path.join(copy, 'studies/small', target), text);
    const analysis = async () => {
      const { store, reference } = await findStudy(copy, 'small');
      return analyzeStudy(store, reference);
    };
    await expect(analysis()).rejects.toThrow(told);
    await rm(copy, { recursive: true });
  });
});

describe('--out', () => {
  it.each([
    ['a folder', 'folder', 'no file'],
    ['the store', 'ufm-results', 'no file'],
    ['a part', `ufm-results/parts/${VALUES}`, 'in the store'],
    ['a new file in the store', 'ufm-results/parts/new.parquet', 'in the store'],
    ['a link to a part', 'link.parquet', 'in the store'],
    ['a link into the store', 'into/new.parquet', 'in the store'],
    ['a folder that is not there', 'nowhere/out.parquet', 'no folder'],
    ['the device of nothing', '/dev/null', 'no file'],
  ])('may not be %s', async (_, out, reason) => {
    await mkdir(path.join(folder, 'folder'), { recursive: true });
    const part = path.join(folder, `ufm-results/parts/${VALUES}`);
    // A retry has set it aside, since it is not the part that its name says.
    await writeFile(part, '', { flag: 'a' });
    await symlink(part, path.join(folder, 'link.parquet')).catch(() => undefined);
    await symlink(path.dirname(part), path.join(folder, 'into')).catch(() => undefined);
    await expect(
      requireOutside(path.resolve(folder, out), path.join(folder, 'ufm-results')),
    ).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(reason) as string });
  });
});

describe('--out', () => {
  it('may be a new file, or one that is replaced', async () => {
    await writeFile(path.join(folder, 'old.csv'), '');
    for (const out of ['old.csv', 'new.csv']) {
      await requireOutside(path.join(folder, out), path.join(folder, 'ufm-results'));
    }
  });

  it('may be no object of the store in a bucket', async () => {
    const stored = requireOutside('s3://bucket/results/parts/a.parquet', 's3://bucket/results');
    await expect(stored).rejects.toThrow('in the store');
    await requireOutside('s3://bucket/results-of-may.parquet', 's3://bucket/results');
  });
});
