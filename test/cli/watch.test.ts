import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StudyStatus } from '../../live/status.js';
import { longStudy } from '../activities/long-study.js';
import { projectFile, temporaryFolder, ufmSweep } from './command.js';

/** Nobody waits for the end of this one. */
const ENDLESS = longStudy(1024);

describe('watching a study', () => {
  it.each(['temporal', 'local'])(
    'tells points, rate, remaining time, workers and devices on the %s engine, and ends with the study',
    async (engine) => {
      const cwd = await temporaryFolder();
      await writeFile(path.join(cwd, 'study.yaml'), ENDLESS);
      const options = { cwd, env: { TEMPORAL_ADDRESS: '' }, reject: false } as const;
      const program = projectFile('dist/cli/main.js');
      const run = execa(
        process.execPath,
        [program, 'run', 'study.yaml', '--engine', engine, '--json'],
        options,
      );
      let interrupted = false;
      /** Once: when it is asked again it ends as it is, and leaves its server behind. */
      const interrupt = (): void => {
        if (!interrupted) run.kill('SIGINT');
        interrupted = true;
      };
      onTestFinished(async () => {
        interrupt();
        await run;
      });
      const underWay = async (): Promise<boolean> =>
        /"engine": "(temporal|local)"/.test(
          (await ufmSweep(['status', 'long', '--json'], { cwd })).stdout,
        );
      await expect.poll(underWay, { timeout: 60_000 }).toBe(true);

      const watch = execa(process.execPath, [program, 'watch', 'long', '--json'], options);
      let last: StudyStatus | null = null;
      for await (const line of watch) {
        last = JSON.parse(line) as StudyStatus;
        if (tellsAll(last)) interrupt();
      }
      expect((await watch).exitCode).toBe(0);
      expect(last).toMatchObject({ state: 'incomplete', engine: null });
      expect(last!.points.done).toBeGreaterThan(0);

      function tellsAll({ rate, remainingSeconds, devices, workers }: StudyStatus): boolean {
        const isHere = workers.some(({ identity }) => identity.startsWith(`${run.pid!}@`));
        const isMeasured = rate !== null && rate > 0 && remainingSeconds! > 0;
        return isMeasured && (devices?.length ?? 0) > 0 && (isHere || engine === 'local');
      }
    },
    240_000,
  );
});
