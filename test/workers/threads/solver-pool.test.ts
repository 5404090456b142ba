import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instanceAt } from '../../../study/expand.js';
import type { Instance } from '../../../study/instance.js';
import { solveBatch } from '../../../ufm/solve.js';
import { SolverPool } from '../../../workers/threads/solver-pool.js';
import { projectFile } from '../../cli/command.js';

const never = new AbortController().signal;
const ignore = (): void => undefined;

const instances = (
  kind: 'tensor' | 'exact',
  lambdas: readonly number[],
  classes = 10,
): Instance[] =>
  lambdas.map((lambda) =>
    instanceAt(
      { solver: { kind, tolerance: 1e-6, polish: true } },
      { classes, longTail: { largest: 500, ratio: 10 }, lambda, lambdaB: 0.02, seed: 1 },
    ),
  );

let pool: SolverPool;

beforeAll(async () => {
  pool = await SolverPool.start(2, { device: 'wasm' });
});

afterAll(async () => {
  await pool.close();
});

describe('a solver pool', () => {
  it('finds in its threads what is found without them', async () => {
    const exact = instances('exact', [0.003, 0.006]);
    const here = await solveBatch(exact, { device: 'cpu' });
    const there = await pool.solve(exact, never, ignore);
    expect(there.map(({ objective }) => objective)).toEqual(here.map(({ objective }) => objective));
  });

  it('solves tensor batches on the device that was asked for, and tells how many have ended', async () => {
    let ended = 0;
    const solutions = await pool.solve(
      instances('tensor', [0.002, 0.004, 0.02]),
      never,
      (count) => {
        ended += count;
      },
    );
    expect(solutions.map(({ backend }) => backend)).toEqual(['wasm', 'wasm', 'wasm']);
    expect(solutions.every(({ status }) => status === 'certified')).toBe(true);
    expect(ended).toBe(3);
  });

  it('hands on the name of what a thread throws, by which nobody tries it again', async () => {
    const points = [{ key: 'abc', instance: '{"clusters":[[1000000000,500]]}' }];
    const provenance = { attempt: 1, worker: 'here', codeVersion: '0', numericalVersion: 3, specHash: 'a' }; // prettier-ignore
    await expect(
      pool.solvePart({ points, solved: new Map(), provenance }, never, ignore),
    ).rejects.toMatchObject({
      name: 'UnsolvablePoint',
      message: expect.stringContaining('Point abc: clusters is [[1000000000,500]]') as string,
    });
  });

  it('leaves the event loop free, stops a batch when it is aborted, and goes on with the next', async () => {
    const stop = new AbortController();
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
      if (ticks === 20) stop.abort(new Error('enough'));
    }, 10);
    const heavy = instances(
      'exact',
      Array.from({ length: 500 }, (_, i) => 1e-5 * (i + 1)),
      60,
    );
    await expect(pool.solve(heavy, stop.signal, ignore)).rejects.toThrow();
    clearInterval(timer);
    expect(ticks).toBeGreaterThanOrEqual(20);
    expect(await pool.solve(instances('exact', [0.003]), never, ignore)).toHaveLength(1);
  });

  it.runIf(existsSync(projectFile('.tools/native')))(
    'solves on native TensorFlow in several threads, and goes on when one is stopped',
    async () => {
      const native = await SolverPool.start(2, { device: 'native' });
      const stop = new AbortController();
      const lambdas = Array.from({ length: 500 }, (_, i) => 0.002 + 1e-5 * i);
      const stopped = native.solve(instances('tensor', lambdas), stop.signal, () => {
        stop.abort();
      });
      const batches = [0.003, 0.004, 0.006].map((lambda) =>
        native.solve(instances('tensor', [lambda]), never, ignore),
      );
      await expect(stopped).rejects.toThrow();
      for (const [solution] of await Promise.all(batches)) {
        expect(solution).toMatchObject({ status: 'certified', backend: 'tensorflow' });
      }
      await native.close();
    },
  );

  it('cannot be started with a device that is not there', async () => {
    await expect(SolverPool.start(1, { device: 'webgpu' })).rejects.toThrow(/WebGPU/);
  });
});
