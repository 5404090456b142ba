import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StudyStatus } from '../../live/status.js';
import { projectFile, temporaryFolder, ufmSweep } from './command.js';

/** 768 tensor points, so many that one thread leaves time to watch. */
const STUDY = `
version: 1
name: long
shardSize: 32
defaults: {classes: 10, majorityClasses: 5, lambdaB: 0.02, seed: {from: 1, to: 16, step: 1}}
grids:
  - name: lambda
    majoritySamples: [200, 300, 400, 500]
    minoritySamples: 100
    lambda: {from: 0.0027, to: 0.0075, points: 12}
solver: {kind: tensor, tolerance: 1e-6, polish: true}
`;

describe('watching a study', () => {
  it.each(['temporal', 'local'])(
    'tells points, rate, remaining time, workers and devices on the %s engine',
    async (engine) => {
      const cwd = await temporaryFolder();
      await writeFile(path.join(cwd, 'study.yaml'), STUDY);
      const options = { cwd, env: { TEMPORAL_ADDRESS: '' }, reject: false } as const;
      const program = projectFile('dist/cli/main.js');
      const run = execa(
        process.execPath,
        [program, 'run', 'study.yaml', '--threads', '1', '--engine', engine, '--json'],
        options,
      );
      onTestFinished(async () => {
        run.kill('SIGINT');
        await run;
      });
      const underWay = async (): Promise<boolean> =>
        /"engine": "(temporal|local)"/.test(
          (await ufmSweep(['status', 'long', '--json'], { cwd })).stdout,
        );
      await expect.poll(underWay, { timeout: 60_000 }).toBe(true);

      const { stdout, exitCode } = await ufmSweep(['watch', 'long', '--json'], { cwd });
      expect(exitCode).toBe(0);
      const seen = stdout.split('\n').map((line) => JSON.parse(line) as StudyStatus);
      const running = seen.filter(({ state }) => state === 'running');
      const measured = running.filter(({ rate }) => rate !== null);
      expect(measured.at(-1)!.rate).toBeGreaterThan(0);
      expect(running.some(({ devices }) => devices !== null && devices.length > 0)).toBe(true);
      if (engine === 'temporal') {
        expect(
          running.some(({ workers: [worker] }) => worker?.identity.startsWith(`${run.pid!}@`)),
        ).toBe(true);
      }
      expect(seen.at(-1)).toMatchObject({ state: 'done', points: { total: 768, done: 768 } });
    },
    120_000,
  );
});
