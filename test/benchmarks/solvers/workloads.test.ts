import { describe, expect, it } from 'vitest';
import { OURS, PEERS } from '../../../benchmarks/solvers/contenders.js';
import {
  forExactSolver,
  readWorkload,
  WORKLOAD_NAMES,
} from '../../../benchmarks/solvers/workloads.js';
import { classCount, sampleCount } from '../../../study/instance.js';
import { solveBatch } from '../../../ufm/solve.js';

const workloads = Object.fromEntries(WORKLOAD_NAMES.map((name) => [name, readWorkload(name)]));

describe('the workloads of the solvers', () => {
  it('are what their names say', () => {
    expect(workloads['paper']).toHaveLength(2048);
    expect(workloads['long-tail']).toHaveLength(1024);
    expect(workloads['per-sample']).toHaveLength(192);
    for (const { clusters, lambdaB } of Object.values(workloads).flat()) {
      expect(classCount(clusters)).toBe(10);
      expect(lambdaB).toBe(0.02);
    }
    expect(workloads['paper']!.every(({ clusters }) => clusters.length === 2)).toBe(true);
    expect(workloads['long-tail']!.every(({ clusters }) => clusters.length === 10)).toBe(true);
    expect(workloads['per-sample']!.every(({ form }) => form === 'per-sample')).toBe(true);
  });

  it('are made of different instances', () => {
    for (const instances of Object.values(workloads)) {
      expect(new Set(instances.map((instance) => JSON.stringify(instance))).size).toBe(
        instances.length,
      );
    }
  });

  it('are spread over the whole in every first part, for those who solve only so many', () => {
    const sizes = workloads['per-sample']!.slice(0, 12).map(({ clusters }) =>
      sampleCount(clusters),
    );
    expect(new Set(sizes)).toEqual(new Set([600, 1375, 3000]));
    const mean = (instances: readonly { lambdaW: number }[]) =>
      instances.reduce((sum, { lambdaW }) => sum + Math.log(lambdaW), 0) / instances.length;
    for (const instances of Object.values(workloads)) {
      expect(Math.abs(mean(instances.slice(0, 24)) - mean(instances))).toBeLessThan(0.5);
    }
  });

  it('collapse in parts: regularizers lie on both sides of the thresholds', async () => {
    const instances = workloads['paper']!.map(forExactSolver);
    const solutions = await solveBatch(instances, { device: 'cpu' });
    const flags = solutions.map(({ collapsed }) => collapsed!);
    for (const cluster of [0, 1]) {
      expect(new Set(flags.map((collapsed) => collapsed[cluster]))).toContain(true);
      expect(new Set(flags.map((collapsed) => collapsed[cluster]))).toContain(false);
    }
  });
});

describe('the contenders', () => {
  it('have names of their own, and something to solve', () => {
    const contenders = [...OURS, ...PEERS];
    expect(new Set(contenders.map(({ name }) => name)).size).toBe(contenders.length);
    for (const { counts } of contenders) expect(Object.values(counts)).not.toHaveLength(0);
  });

  it.each(['paper', 'long-tail'] as const)(
    'certify the %s workload, those that are ours',
    async (name) => {
      const some = workloads[name]!.slice(0, 16);
      const solutions = await solveBatch([...some, ...some.map(forExactSolver)], {
        device: 'wasm',
      });
      expect(solutions.map(({ status }) => status)).toEqual(Array(32).fill('certified'));
    },
  );
});
