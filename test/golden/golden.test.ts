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

interface Rows {
  readonly points: number;
  readonly results: number;
  readonly landed: number;
  readonly parts: number;
  readonly version: number;
  readonly twice: number;
}

const ROWS = `SELECT
  (SELECT count(*) FROM points)::INTEGER AS points,
  (SELECT count(*) FROM results)::INTEGER AS results,
  (SELECT count(*) FROM landed)::INTEGER AS landed,
  (SELECT count(*) FROM parts)::INTEGER AS parts,
  (SELECT any_value(numerical_version) FROM landed) AS version,
  (SELECT count(*) - count(DISTINCT point_key) FROM parts)::INTEGER AS twice`;

/** Today's commands on a copy of a golden store. */
async function copyOf(version: string, which: 'finished' | 'half-done') {
  const cwd = await temporaryFolder();
  await cp(path.join(HERE, version, which), path.join(cwd, 'store'), { recursive: true });
  const json = async <T>(exitCode: number, ...words: string[]): Promise<T> => {
    const ending = await ufmSweep([...words, '--store', 'store', '--json'], { cwd });
    expect(ending.exitCode, `${words.join(' ')}: ${ending.stderr}`).toBe(exitCode);
    return JSON.parse(ending.stdout) as T;
  };
  return {
    json,
    /** Rows that there are, of which version those are that the study shows, and keys that were solved twice. */
    rows: async () => (await json<[Rows]>(0, 'query', 'golden', ROWS))[0],
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
    const { json, rows } = await copyOf(version, 'finished');
    const { points: total, results } = await rows();
    expect(total).toBeGreaterThan(12);
    expect(results).toBe(total);
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
      const { json, parts, rows, run } = await copyOf(version, which);
      const before = { files: await parts(), ...(await rows()) };
      const isCurrent = before.version === NUMERICAL_VERSION;
      const failed = isCurrent ? 1 : 0;
      const ending = await run(failed);
      expect(ending).toMatchObject({ state: 'done', points: { failed } });
      const { total, cached } = ending.points;
      expect(cached).toBe(isCurrent ? before.landed : 0);
      expect(await json(0, 'verify', 'golden')).toMatchObject({
        ok: true,
        points: { expected: total, present: total, missing: 0, duplicate: 0, superseded: 0 },
      });
      expect(await rows()).toMatchObject({ parts: before.landed + total - cached, twice: 0 });
      expect(await parts()).toEqual(expect.arrayContaining(before.files));
      if (which === 'finished' && isCurrent) expect(await parts()).toEqual(before.files);
    },
    240_000,
  );
});
