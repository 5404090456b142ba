import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { classCount, type Cluster, type Instance } from '../../../study/instance.js';
import { shapeOf } from '../../../ufm/first-order/balance.js';
import type { Engine } from '../../../ufm/first-order/engine.js';
import type { Outcome, Standing } from '../../../ufm/first-order/outcome.js';
import { solveFirstOrder } from '../../../ufm/first-order/solve.js';
import { DEVICES, engineOn } from './devices.js';
import { exampleInstance } from './example.js';

interface Reference {
  readonly clusters: readonly Cluster[];
  readonly lambda: number;
  /** Weight of |b|^2, half of lambdaB; null without a bias. */
  readonly reg_b: number | null;
  readonly objective: number;
}

const references = JSON.parse(
  readFileSync(new URL('../reference/instances.json', import.meta.url), 'utf8'),
) as Reference[];

const arrivalOf = (outcome: Outcome): Standing => {
  if (!('arrival' in outcome)) throw new Error(`${outcome.end} has no arrival`);
  return outcome.arrival;
};

describe.each(DEVICES)('solveFirstOrder on %s', (device) => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await engineOn(device);
  });

  const solve = (instances: readonly Instance[], signal = new AbortController().signal) =>
    solveFirstOrder(instances, engine, { signal, onEnded: () => undefined });

  const solveOne = async (change: Partial<Instance> = {}) => {
    const [outcome] = await solve([exampleInstance(change)]);
    return outcome!;
  };

  it('certifies the reference instances to 1e-6 from several seeds, without a polish, at the objective of the reference', async () => {
    const seeds = [1, 2, 3];
    const runs = references.flatMap((reference) => seeds.map((seed) => ({ reference, seed })));
    const posed = runs.map(({ reference: { clusters, lambda, reg_b, objective }, seed }) => {
      const instance = exampleInstance({
        seed,
        clusters,
        lambdaW: lambda,
        lambdaH: lambda,
        lambdaB: reg_b === null ? null : 2 * reg_b,
        featureDimension: classCount(clusters),
      });
      return { instance, objective };
    });
    let certified = 0;
    for (const shape of new Set(posed.map(({ instance }) => shapeOf(instance)))) {
      const batch = posed.filter(({ instance }) => shapeOf(instance) === shape);
      const outcomes = await solve(batch.map(({ instance }) => instance));
      outcomes.forEach((outcome, i) => {
        const { iterate } = arrivalOf(outcome);
        const excess = iterate.objective / batch[i]!.objective - 1;
        expect(excess).toBeGreaterThan(-1e-10);
        if (outcome.end === 'certified') {
          certified += 1;
          expect(excess).toBeLessThanOrEqual(1e-6);
        }
      });
    }
    expect(runs.length).toBe(264);
    expect(certified).toBeGreaterThanOrEqual(260);
  });

  it('solves an instance in a batch of unequal parameters as it solves it alone', async () => {
    const instances = [
      exampleInstance(),
      exampleInstance({
        clusters: [
          [3, 70],
          [2, 6],
        ],
        lambdaB: null,
        seed: 2,
      }),
      exampleInstance({ lambdaW: 0.02, lambdaH: 0.0002, lambdaB: 0, seed: 3 }),
      exampleInstance({ lambdaW: 0.0001, lambdaH: 0.0001, lambdaB: 10, seed: 4 }),
    ];
    const together = await solve(instances);
    for (const [i, instance] of instances.entries()) {
      const [alone] = await solve([instance]);
      const [a, b] = [arrivalOf(together[i]!), arrivalOf(alone!)];
      expect(together[i]!.end).toBe('certified');
      expect(a.iterate.objective / b.iterate.objective).toBeCloseTo(1, 6);
      const scale = Math.max(...b.iterate.logits.map(Math.abs));
      a.iterate.logits.forEach((logit, entry) => {
        expect(Math.abs(logit - b.iterate.logits[entry]!) / scale).toBeLessThan(5e-2);
      });
    }
  });

  it('reproduces a run from its seed, and reaches the same objective from another', async () => {
    const [first, again, other] = [
      arrivalOf(await solveOne()),
      arrivalOf(await solveOne()),
      arrivalOf(await solveOne({ seed: 2 })),
    ];
    expect(again.iterate).toEqual(first.iterate);
    expect(other.iterate.weights).not.toEqual(first.iterate.weights);
    expect(other.iterate.objective / first.iterate.objective).toBeCloseTo(1, 5);
  });

  it('splits W and H as their own regularizers want: lambdaW |W|^2 = lambdaH |H|^2', async () => {
    const { iterate } = arrivalOf(await solveOne({ lambdaW: 0.02, lambdaH: 0.0005 }));
    const squared = (values: Float64Array) => values.reduce((sum, value) => sum + value ** 2, 0);
    const counts = [50, 50, 10, 10, 10];
    const ofH = iterate.means.reduce((sum, value, i) => sum + counts[i % 5]! * value ** 2, 0);
    expect((0.02 * squared(iterate.weights)) / (0.0005 * ofH)).toBeCloseTo(1, 2);
  });

  it('certifies samples too, at the optimum of the class means, with features that collapse', async () => {
    const [samples, means] = [
      await solveOne({ form: 'per-sample', tolerance: 1e-6 }),
      await solveOne({ tolerance: 1e-6 }),
    ];
    expect(samples.end).toBe('certified');
    const ratio = arrivalOf(samples).iterate.objective / arrivalOf(means).iterate.objective;
    expect(ratio).toBeCloseTo(1, 5);
    expect(arrivalOf(samples).withinClass!.traceRatio).toBeLessThan(1e-4);
    expect(arrivalOf(samples).withinClass!.pseudoinverse).toBeLessThan(1e-4);
    expect(arrivalOf(means).withinClass).toBeNull();
  });

  it('solves thousands of samples in one instance', async () => {
    const outcome = await solveOne({
      form: 'per-sample',
      clusters: [
        [2, 8000],
        [3, 1000],
      ],
      lambdaW: 1e-3,
      lambdaH: 1e-3,
    });
    expect(outcome.end).toBe('certified');
    expect(arrivalOf(outcome).withinClass!.traceRatio).toBeLessThan(1e-4);
  });

  it('ends with an honest gap where too few features leave one', async () => {
    const outcome = await solveOne({ featureDimension: 2, lambdaW: 1e-3, lambdaH: 1e-3 });
    expect(outcome.end).toBe('stagnated');
    expect(arrivalOf(outcome).relativeGap).toBeGreaterThan(1e-3);
  });

  it('ends when its arithmetic has no more to give, not at its limit of evaluations', async () => {
    const outcome = await solveOne({ tolerance: 1e-15 });
    expect(outcome.end).toBe('stagnated');
    expect(arrivalOf(outcome).relativeGap).toBeLessThan(1e-6);
    expect(outcome.evaluations).toBeLessThan(400);
  });

  it('calls a start that overflows diverged, and leaves its neighbours alone', async () => {
    const outcomes = await solve([
      exampleInstance({ lambdaW: 1e-200, lambdaH: 1e-200 }),
      exampleInstance(),
    ]);
    expect(outcomes[0]).toMatchObject({ end: 'diverged' });
    expect(outcomes[0]).not.toHaveProperty('arrival');
    expect(outcomes[1]!.end).toBe('certified');
    expect(arrivalOf(outcomes[1]!).iterate.objective).toBeCloseTo(
      arrivalOf(await solveOne()).iterate.objective,
      6,
    );
  });

  it('refuses a batch of several shapes, and an instance without a seed', async () => {
    const shapes = solve([exampleInstance(), exampleInstance({ featureDimension: 7 })]);
    await expect(shapes).rejects.toThrow(/one shape/u);
    await expect(solve([exampleInstance({ seed: null })])).rejects.toThrow(/seed/u);
  });

  it('stops when it is told to, with the reason it was given', async () => {
    const controller = new AbortController();
    const solving = solve([exampleInstance({ tolerance: 1e-15 })], controller.signal);
    controller.abort(new Error('the researcher went home'));
    await expect(solving).rejects.toThrow('went home');
  });

  it('counts every instance that ends, once', async () => {
    const counts: number[] = [];
    const instances = [1e-3, 1e-6, 1e-15].map((tolerance) => exampleInstance({ tolerance }));
    await solveFirstOrder(instances, engine, {
      signal: new AbortController().signal,
      onEnded: (count) => counts.push(count),
    });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(counts.length).toBeGreaterThan(1);
  });

  it('leaves no tensor behind, whether it ends or is stopped', async () => {
    const before = tf.memory().numTensors;
    await solve([exampleInstance(), exampleInstance({ tolerance: 1e-3 })]);
    await solve([exampleInstance()], AbortSignal.abort()).catch(() => undefined);
    expect(tf.memory().numTensors).toBe(before);
  });
});
