import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../../study/instance.js';
import type { Solution } from '../../ufm/solution.js';
import { solveBatch } from '../../ufm/solve.js';
import { chooseBackend } from '../../ufm/tensor/backend.js';
import { DEVICES } from './first-order/devices.js';
import { exampleInstance } from './first-order/example.js';

const threshold = Math.sqrt(10) / 130;

/** lambdaW = lambdaH = lambda. */
const at = (lambda: number) => ({ lambdaW: lambda, lambdaH: lambda });

describe.each(DEVICES)('solveBatch on %s', (device) => {
  const solve = (...instances: Instance[]) => solveBatch(instances, { device });

  const solveOne = async (change: Partial<Instance>): Promise<Solution> => {
    const [solution] = await solve(exampleInstance(change));
    return solution!;
  };

  it('answers exact and tensor instances of any shapes in the order they were asked', async () => {
    const instances = [
      exampleInstance({ featureDimension: 7 }),
      exampleInstance({ solver: 'exact', seed: null }),
      exampleInstance({ clusters: [[3, 40]], featureDimension: 3 }),
      exampleInstance({ solver: 'exact', seed: null, lambdaB: null }),
      exampleInstance(),
    ];
    const solutions = await solve(...instances);
    expect(solutions.map(({ status }) => status)).toEqual(instances.map(() => 'certified'));
    const { backend: tensors } = await chooseBackend(device);
    expect(solutions.map(({ backend }) => backend)).toEqual([
      tensors,
      'float64',
      tensors,
      'float64',
      tensors,
    ]);
    expect(solutions[0]!.objective).toBeCloseTo(solutions[1]!.objective!, 5);
    expect(solutions[4]!.objective).toBeCloseTo(solutions[1]!.objective!, 5);
    expect(solutions[3]!.bias).toBeNull();
    for (const { seconds, gap } of solutions) {
      expect(seconds).toBeGreaterThan(0);
      expect(gap).toBeGreaterThanOrEqual(0);
    }
  });

  it('agrees with the exact solver on the geometry, without a polish', async () => {
    const tensor = await solveOne({ tolerance: 2e-7 });
    const exact = await solveOne({ solver: 'exact', seed: null });
    expect(tensor.polishIterations).toBe(0);
    expect(tensor.relativeGapBeforePolish).toBeNull();
    for (const table of ['cosW', 'cosH', 'cosZ'] as const) {
      exact[table]!.flat().forEach((cosine, i) => {
        expect(tensor[table]!.flat()[i]).toBeCloseTo(cosine!, 2);
      });
    }
    expect(tensor.rank).toBe(exact.rank);
  });

  it.skipIf(device === 'loops')(
    'polishes to a tolerance that float32 cannot reach, from a gap that it tells',
    async () => {
      const polished = await solveOne({ polish: true, tolerance: 1e-10 });
      expect(polished.status).toBe('certified');
      expect(polished.relativeGapBeforePolish).toBeGreaterThan(1e-10);
      expect(polished.relativeGapBeforePolish).toBeLessThan(1e-6);
      expect(polished.iterations).toBeGreaterThan(0);
      expect(polished.polishIterations).toBeGreaterThan(0);
      const raw = await solveOne({ polish: false, tolerance: 1e-10 });
      expect(raw.status).toBe('uncertified');
      expect(raw.objective).toBeGreaterThanOrEqual(polished.objective!);
    },
  );

  it.runIf(device === 'loops')(
    'reaches in float64 what float32 cannot, without a polish',
    async () => {
      const solution = await solveOne({ polish: true, tolerance: 1e-10 });
      expect(solution.status).toBe('certified');
      expect(solution.polishIterations).toBe(0);
    },
  );

  it.each([0.9999, 1.0001])(
    'decides the collapse at %f of the threshold by polishing',
    async (factor) => {
      const solution = await solveOne({ ...at(factor * threshold), polish: true });
      expect(solution.collapsed).toEqual([false, factor > 1]);
      expect(solution.polishIterations).toBeGreaterThan(0);
    },
  );

  it('keeps the variability of the samples that the tensor solver left when it polishes', async () => {
    const solution = await solveOne({
      ...at(0.9999 * threshold),
      form: 'per-sample',
      polish: true,
    });
    expect(solution.polishIterations).toBeGreaterThan(0);
    expect(solution.withinClassVariability).toBeGreaterThan(0);
    expect(solution.withinClassVariability).toBeLessThan(1e-4);
    expect(solution.withinClassVariabilityPinv).toBeLessThan(1e-4);
    expect((await solveOne({})).withinClassVariability).toBeNull();
  });

  it('leaves uncertified what has fewer features than the optimum has dimensions, polish or not', async () => {
    const solution = await solveOne({ featureDimension: 2, ...at(0.001), polish: true });
    expect(solution.status).toBe('uncertified');
    expect(solution.relativeGap).toBeGreaterThan(1e-3);
    expect(solution.polishIterations).toBe(0);
    expect(solution.rank).toBe(2);
    expect(solution.message).toBeNull();
  });

  it('polishes with few features where the optimum has fewer dimensions still', async () => {
    const narrow = await solveOne({
      featureDimension: 2,
      ...at(1.2 * threshold),
      polish: true,
      tolerance: 1e-10,
    });
    expect(narrow.status).toBe('certified');
    expect(narrow.rank).toBeLessThanOrEqual(2);
  });

  it('fails one instance, with the reason, and solves the others', async () => {
    const solutions = await solve(
      exampleInstance({ seed: 1 }),
      exampleInstance({ seed: null }),
      exampleInstance({ seed: 2 }),
      exampleInstance({ ...at(1e-200) }),
    );
    expect(solutions.map(({ status }) => status)).toEqual([
      'certified',
      'failed',
      'certified',
      'diverged',
    ]);
    expect(solutions[1]!.message).toMatch(/seed/u);
    expect(solutions[3]!.message).toMatch(/finite/u);
    expect(solutions[3]!.objective).toBeNull();
  });

  it.skipIf(device === 'loops')(
    'halves a batch until the device has room for it, and leaves nothing behind there',
    async () => {
      const { backend } = await chooseBackend(device);
      const addN = tf.getKernel('AddN', backend);
      let largest = 0;
      // As a device whose memory ends at the last operation of a step, where all of its tensors are alive.
      const runOut: tf.KernelFunc = (call) => {
        const [batch] = (call.inputs as unknown as readonly tf.TensorInfo[])[0]!.shape;
        if (batch! > 2) throw new Error('OOM when allocating tensor');
        largest = Math.max(largest, batch!);
        return addN.kernelFunc(call);
      };
      tf.unregisterKernel('AddN', backend);
      tf.registerKernel({ ...addN, kernelFunc: runOut });
      const before = tf.memory().numTensors;
      const solutions = await solve(
        ...[1, 2, 3, 4, 5, 6, 7].map((seed) => exampleInstance({ seed })),
      );
      tf.unregisterKernel('AddN', backend);
      tf.registerKernel(addN);
      expect(solutions.map(({ status }) => status)).toEqual(Array(7).fill('certified'));
      expect(largest).toBe(2);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('counts every instance that ends', async () => {
    let ended = 0;
    const instances = [exampleInstance(), exampleInstance({ solver: 'exact' }), exampleInstance()];
    await solveBatch(instances, { device, onEnded: (count) => (ended += count) });
    expect(ended).toBe(3);
  });

  it('stops with the reason of the signal', async () => {
    const signal = AbortSignal.abort(new Error('lights out'));
    const solving = solveBatch([exampleInstance()], { device, signal });
    await expect(solving).rejects.toThrow('lights out');
  });

  it('tells objective, bound and gap that fit together', async () => {
    const { objective, lowerBound, gap, relativeGap } = await solveOne({ lambdaB: 0 });
    expect(objective! - lowerBound!).toBe(gap);
    expect(gap! / objective!).toBe(relativeGap);
  });
});
