import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../results/open-store.js';
import type { StudyStatus } from '../../live/status.js';
import { pidOf } from '../../workers/server/processes.js';
import { readRecord } from '../../workers/server/server-record.js';
import { serverFolder } from '../../workers/server/state-folder.js';
import { longStudy } from '../activities/long-study.js';
import { projectFile, temporaryFolder, ufmSweep } from './command.js';

/** Nobody waits for the end of this one. */
const ENDLESS = longStudy(512);

const PROGRAM = projectFile('dist/cli/main.js');

interface EndlessRun {
  readonly cwd: string;
  readonly pid: number;
  /** Once: a run that is asked again ends as it is, and leaves its server behind. */
  interrupt(): void;
}

/** A run that is under way, and stops with the test. */
async function endlessRun(engine: string): Promise<EndlessRun> {
  const cwd = await temporaryFolder();
  await writeFile(path.join(cwd, 'study.yaml'), ENDLESS);
  const run = execa(process.execPath, [PROGRAM, 'run', 'study.yaml', '--engine', engine, '--threads', '1', '--json'], options(cwd)); // prettier-ignore
  let interrupted = false;
  const interrupt = (): void => {
    if (!interrupted) run.kill('SIGINT');
    interrupted = true;
  };
  onTestFinished(async () => {
    interrupt();
    await run;
  });
  const store = openStore(path.join(cwd, 'ufm-results'));
  await expect.poll(() => store.list('parts'), { timeout: 60_000 }).not.toEqual([]);
  const underWay = async (): Promise<boolean> =>
    /"engine": "(temporal|local)"/.test(
      (await ufmSweep(['status', 'long', '--json'], { cwd })).stdout,
    );
  await expect.poll(underWay, { timeout: 60_000 }).toBe(true);
  return { cwd, pid: run.pid!, interrupt };
}

/** Follows a run to its end. */
async function watchToTheEnd(
  { cwd }: EndlessRun,
  look: (status: StudyStatus) => void | Promise<void>,
): Promise<StudyStatus> {
  const watch = execa(process.execPath, [PROGRAM, 'watch', 'long', '--json'], options(cwd));
  let last: StudyStatus | null = null;
  for await (const line of watch) {
    last = JSON.parse(line) as StudyStatus;
    await look(last);
  }
  expect((await watch).exitCode).toBe(0);
  return last!;
}

function options(cwd: string) {
  return { cwd, env: { TEMPORAL_ADDRESS: '' }, reject: false } as const;
}

describe('watching a study', () => {
  it.each(['temporal', 'local'])(
    'tells points, rate, remaining time, workers and devices on the %s engine, and ends with the study',
    async (engine) => {
      const run = await endlessRun(engine);
      const last = await watchToTheEnd(run, (status) => {
        if (tellsAll(status)) run.interrupt();
      });
      expect(last).toMatchObject({ state: 'incomplete', engine: null });
      expect(last.points.done).toBeGreaterThan(0);

      function tellsAll({ rate, remainingSeconds, devices, workers }: StudyStatus): boolean {
        const isHere = workers.some(({ identity }) => identity.startsWith(`${run.pid}@`));
        const isMeasured = rate !== null && rate > 0 && remainingSeconds! > 0;
        return isMeasured && (devices?.length ?? 0) > 0 && (isHere || engine === 'local');
      }
    },
    240_000,
  );

  it('waits for a server that is away to come back', async () => {
    const run = await endlessRun('temporal');
    const server = async (): Promise<string> => {
      const record = await readRecord(await serverFolder(path.join(run.cwd, 'ufm-results')));
      return record!.server;
    };
    const first = await server();
    let isBack = false;
    let isKilled = false;
    const last = await watchToTheEnd(run, async ({ engine }) => {
      if (engine === null || isBack) return;
      if (!isKilled) process.kill(pidOf(first), 'SIGKILL');
      isKilled = true;
      isBack = (await server()) !== first;
      if (isBack) run.interrupt();
    });
    expect(await server().catch(() => 'stopped')).toBe('stopped');
    expect(last).toMatchObject({ state: 'incomplete', engine: null });
  }, 240_000);
});
