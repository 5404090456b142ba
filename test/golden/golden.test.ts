import { cp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { temporaryFolder, ufmSweep } from '../cli/command.js';

const HERE = import.meta.dirname;
const versions = (await readdir(HERE, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

interface Run {
  readonly state: string;
  readonly points: Readonly<Record<'total' | 'done' | 'failed' | 'cached', number>>;
}

/** Today's commands on a copy of a golden store. */
async function copyOf(version: string, which: 'finished' | 'half-done') {
  const cwd = await temporaryFolder();
  await cp(path.join(HERE, version, which), path.join(cwd, 'store'), { recursive: true });
  const json = async <T>(exitCode: number, ...words: string[]): Promise<T> => {
    const ending = await ufmSweep([...words, '--store', 'store', '--json'], { cwd });
    expect(ending.exitCode, `${words.join(' ')}: ${ending.stderr}`).toBe(exitCode);
    return JSON.parse(ending.stdout) as T;
  };
  const ask = async <T>(select: string): Promise<T> =>
    (await json<[{ answer: T }]>(0, 'query', 'golden', `SELECT ${select} AS answer`))[0].answer;
  return {
    json,
    count: (view: string) => ask<number>(`(SELECT count(*)::INTEGER FROM ${view})`),
    /** Of the rows that the study shows. */
    rowsOfVersion: () => ask<number>('(SELECT any_value(numerical_version) FROM landed)'),
    keysSolvedTwice: () => ask<number>('(SELECT (count(*) - count(DISTINCT point_key))::INTEGER FROM parts)'), // prettier-ignore
    parts: async () => {
      const folder = path.join(cwd, 'store/parts');
      const names = await readdir(folder);
      return Promise.all(names.sort().map(async (name) => [name, await readFile(path.join(folder, name), 'base64')])); // prettier-ignore
    },
    /** @param failed points whose rows say so already, and count */
    run: (failed: number) =>
      json<Run>(failed > 0 ? 3 : 0, 'run', 'store/studies/golden/study.yaml', '--engine', 'local', '--threads', '1'), // prettier-ignore
  };
}

it('there is a golden store', () => {
  expect(versions.length).toBeGreaterThan(0);
});

describe.each(versions)('a store of %s', (version) => {
  it('is shown as it stands', async () => {
    const { json, count } = await copyOf(version, 'finished');
    const total = await count('points');
    expect(total).toBeGreaterThan(12);
    expect(await count('results')).toBe(total);
    expect(await json(0, 'status', 'golden')).toMatchObject({
      state: 'done',
      points: { total, done: total - 1, failed: 1 },
    });
    expect(await json(0, 'verify', 'golden')).toMatchObject({
      ok: true,
      points: { expected: total, present: total, missing: 0, duplicate: 0, failed: 1 },
    });
    expect(await json(0, 'analyze', 'golden')).toMatchObject({
      points: { planned: total, missing: 0, failed: 1 },
      partial: false,
      damaged: [],
    });
  }, 240_000);

  it.each(['finished', 'half-done'] as const)(
    'that is %s is gone on with: what is missing is solved, once, and what is there stays',
    async (which) => {
      const { json, count, keysSolvedTwice, parts, rowsOfVersion, run } = await copyOf(version, which); // prettier-ignore
      const before = { parts: await parts(), landed: await count('landed') };
      const isCurrent = (await rowsOfVersion()) === NUMERICAL_VERSION;
      const failed = isCurrent ? 1 : 0;
      const ending = await run(failed);
      expect(ending).toMatchObject({ state: 'done', points: { failed } });
      const { total, cached } = ending.points;
      expect(cached).toBe(isCurrent ? before.landed : 0);
      expect(await json(0, 'verify', 'golden')).toMatchObject({
        ok: true,
        points: { expected: total, present: total, missing: 0, duplicate: 0, superseded: 0 },
      });
      expect(await count('parts')).toBe(before.landed + total - cached);
      expect(await keysSolvedTwice()).toBe(0);
      expect(await parts()).toEqual(expect.arrayContaining(before.parts));
      if (which === 'finished' && isCurrent) expect(await parts()).toEqual(before.parts);
    },
    240_000,
  );
});
