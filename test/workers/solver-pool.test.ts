import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instanceAt } from '../../study/expand.js';
import type { Instance } from '../../study/instance.js';
import { solveBatch } from '../../ufm/solve.js';
import { SolverPool } from '../../workers/solver-pool.js';

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

  it('cannot be started with a device that is not there', async () => {
    await expect(SolverPool.start(1, { device: 'webgpu' })).rejects.toThrow(/WebGPU/);
  });
});
