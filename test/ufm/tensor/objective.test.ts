import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Instance } from '../../../study/instance.js';
import { chooseBackend } from '../../../ufm/tensor/backend.js';
import { dispose, init } from '../../../ufm/tensor/batch.js';
import { readIterate } from '../../../ufm/tensor/iterate.js';
import { layOut, vectorLength } from '../../../ufm/tensor/layout.js';
import { evaluate } from '../../../ufm/tensor/objective.js';
import { tidy } from '../../../ufm/tensor/tidy.js';
import { device } from '../device.js';
import { exampleInstance } from './example.js';

beforeEach(() => chooseBackend(device));

/** Value and gradient as the device computes them, and F in float64 at the same variables. */
async function evaluateAtStart(instance: Instance) {
  const state = init([instance]);
  const { losses, squares, gradient } = tidy(() =>
    evaluate(state.vectors.variables, state.coefficients, state.layout),
  );
  const [loss, square, slope, variables] = await Promise.all([
    losses.data(),
    squares.data(),
    gradient.data(),
    state.vectors.variables.data<'float32'>(),
  ]);
  const { problem } = state.members[0]!;
  const value = sum(loss) + sum(square) / 2;
  const objectiveAt = (vector: Float32Array) =>
    readIterate(instance, problem, state.layout, vector).objective / problem.lambda;
  tf.dispose([losses, squares, gradient]);
  dispose(state);
  return { value, slope, variables, objectiveAt, layout: state.layout };
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

const cases: [string, Partial<Instance>][] = [
  ['class means', {}],
  ['class means with unequal regularizers', { lambdaW: 0.02, lambdaH: 0.0005 }],
  ['class means with a free bias', { lambdaB: 0 }],
  ['class means without a bias', { lambdaB: null }],
  ['a narrow feature space', { featureDimension: 2 }],
  ['samples', { form: 'per-sample' }],
  [
    'samples in several chunks',
    {
      form: 'per-sample',
      clusters: [
        [2, 901],
        [3, 102],
      ],
    },
  ],
];

describe('evaluate', () => {
  it.each(cases)('agrees with the float64 objective for %s', async (_, change) => {
    const { value, variables, objectiveAt } = await evaluateAtStart(exampleInstance(change));
    expect(value / objectiveAt(variables)).toBeCloseTo(1, 6);
  });

  it.each(cases)('has the gradient of the float64 objective for %s', async (_, change) => {
    const instance = exampleInstance(change);
    const { slope, variables, objectiveAt, layout } = await evaluateAtStart(instance);
    const scale = Math.max(...Array.from(slope, Math.abs));
    const probes = [
      0,
      1,
      layout.featureOffset - 1,
      layout.featureOffset,
      layout.featureOffset + 7,
      layout.biasOffset -
        1 -
        (layout.rowChunks * layout.rowsPerChunk - layout.rows) * layout.features,
      layout.biasOffset,
      layout.end - 1,
    ];
    for (const probe of probes) {
      const difference = centralDifference(objectiveAt, variables, probe);
      expect(Math.abs(slope[probe]! - difference) / scale).toBeLessThan(1e-4);
    }
  });

  it('leaves the padding alone', async () => {
    const instance = exampleInstance({
      form: 'per-sample',
      clusters: [
        [2, 901],
        [3, 102],
      ],
    });
    const { slope, variables, layout } = await evaluateAtStart(instance);
    const padding = layout.featureOffset + layout.rows * layout.features;
    expect(padding).toBeLessThan(layout.biasOffset);
    expect(layout.end).toBeLessThan(vectorLength(layout));
    for (const values of [slope, variables]) {
      expect(values.slice(padding, layout.biasOffset).every((value) => value === 0)).toBe(true);
      expect(values.slice(layout.end).every((value) => value === 0)).toBe(true);
    }
  });
});

describe('layOut', () => {
  it('gives room to every row and entry of a million samples', () => {
    const layout = layOut({ classes: 10, features: 10, rows: 1_000_001 });
    expect(layout.rowChunks * layout.rowsPerChunk).toBeGreaterThanOrEqual(layout.rows);
    expect(layout.rowsPerChunk).toBeLessThanOrEqual(256);
    expect(vectorLength(layout) - layout.end).toBeLessThan(layout.vectorChunks);
  });
});

function centralDifference(value: (at: Float32Array) => number, at: Float32Array, entry: number) {
  const step = 1e-3 * Math.max(...at.map(Math.abs));
  const [up, down] = [step, -step].map((change) => {
    const moved = at.slice();
    moved[entry]! += change;
    return { value: value(moved), entry: moved[entry]! };
  });
  return (up!.value - down!.value) / (up!.entry - down!.entry);
}
