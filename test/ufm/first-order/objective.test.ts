import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../study/instance.js';
import { balance, type BalancedProblem } from '../../../ufm/first-order/balance.js';
import { layOut } from '../../../ufm/first-order/layout.js';
import { randomStart } from '../../../ufm/first-order/start.js';
import { evaluate as evaluateInLoops, prepare } from '../../../ufm/loops/objective.js';
import type { DeviceChoice } from '../../../ufm/tensor/backend.js';
import { cutInChunks } from '../../../ufm/tensor/chunks.js';
import { uploadCoefficients } from '../../../ufm/tensor/coefficients.js';
import { evaluate } from '../../../ufm/tensor/objective.js';
import { tidy } from '../../../ufm/tensor/tidy.js';
import { DEVICES, engineOn } from './devices.js';
import { evaluateAsStated } from './as-stated.js';
import { exampleInstance } from './example.js';
import { ALL_REMEDIES, REMEDIES } from './remedies.js';

type Vector = Float32Array | Float64Array;

interface Evaluated {
  readonly value: number;
  readonly gradient: Vector;
  /** Where it was evaluated: rounded to the engine's numbers, and padded as it pads. */
  readonly variables: Vector;
}

function inLoops(problem: BalancedProblem, start: Float64Array): Evaluated {
  const gradient = new Float64Array(start.length);
  return {
    value: evaluateInLoops(prepare(problem), start, gradient),
    gradient,
    variables: start,
  };
}

/** Also the part of the value that is the penalties'. */
async function inTensors(
  problem: BalancedProblem,
  start: Float64Array,
): Promise<Evaluated & { readonly penalty: number }> {
  const chunks = cutInChunks(problem);
  const variables = new Float32Array(chunks.length);
  variables.set(start);
  const { losses, squares, gradient } = tidy(() =>
    evaluate(
      tf.tensor2d(variables, [1, chunks.length]),
      uploadCoefficients([problem], chunks),
      chunks,
    ),
  );
  const [loss, square, slope] = await Promise.all([
    losses.data(),
    squares.data(),
    gradient.data<'float32'>(),
  ]);
  tf.dispose([losses, squares, gradient]);
  const penalty = sum(square) / 2;
  return { value: sum(loss) + penalty, penalty, gradient: slope, variables };
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

const manySamples = exampleInstance({
  form: 'per-sample',
  clusters: [
    [2, 140_000],
    [2, 10_000],
  ],
});

/** Value and gradient as a device computes them at a random start with a bias, and what they are at the same variables. */
async function evaluateAtStart(device: DeviceChoice, instance: Instance) {
  await engineOn(device);
  const problem = balance(instance);
  const start = startWithBias(problem);
  const evaluated = await (device === 'loops' ? inLoops : inTensors)(problem, start);
  const { objective, gradient } = evaluateAsStated(instance, problem, evaluated.variables);
  return {
    ...evaluated,
    expected: objective / problem.lambda,
    expectedGradient: gradient.map((slope) => slope / problem.lambda),
    layout: layOut(problem),
  };
}

function startWithBias(problem: BalancedProblem) {
  const start = randomStart(problem, 1);
  for (let i = 0; i < problem.classes; i++) start[layOut(problem).biasOffset + i] = Math.sin(i + 1);
  return start;
}

const severalChunks: Partial<Instance> = {
  form: 'per-sample',
  clusters: [
    [2, 901],
    [3, 102],
  ],
};

const cases: [string, Partial<Instance>][] = [
  ['class means', {}],
  ['class means with unequal regularizers', { lambdaW: 0.02, lambdaH: 0.0005 }],
  ['class means with a free bias', { lambdaB: 0 }],
  ['class means without a bias', { lambdaB: null }],
  ['a narrow feature space', { featureDimension: 2 }],
  ['samples', { form: 'per-sample' }],
  ['samples in several chunks', severalChunks],
  ...[...REMEDIES, ['all remedies', ALL_REMEDIES] as const].flatMap(
    ([name, remedies]): [string, Partial<Instance>][] => [
      [`class means with ${name}`, remedies],
      [`samples with ${name}`, { ...remedies, form: 'per-sample' }],
    ],
  ),
  ['all remedies without a bias', { ...ALL_REMEDIES, lambdaB: null }],
  ['all remedies with a free bias', { ...ALL_REMEDIES, lambdaB: 0 }],
  [
    'all remedies with unequal regularizers in a narrow space',
    { ...ALL_REMEDIES, lambdaW: 0.02, lambdaH: 0.0005, featureDimension: 3 },
  ],
  ['all remedies for samples in several chunks', { ...ALL_REMEDIES, ...severalChunks }],
];

describe.each(DEVICES)('evaluate on %s', (device) => {
  /** Relative: of float64 in loops, of float32 elsewhere. */
  const rounding = device === 'loops' ? 1e-13 : 2e-6;

  it.each(cases)('finds the objective as it is stated for %s', async (_, change) => {
    const { value, expected } = await evaluateAtStart(device, exampleInstance(change));
    expect(Math.abs(value / expected - 1)).toBeLessThan(rounding);
  });

  it.each(cases)('finds the gradient of the objective for %s', async (_, change) => {
    const instance = exampleInstance(change);
    const { gradient, expectedGradient, layout } = await evaluateAtStart(device, instance);
    const scale = Math.max(...expectedGradient.map(Math.abs));
    for (let i = 0; i < layout.end; i++) {
      expect(Math.abs(gradient[i]! - expectedGradient[i]!) / scale).toBeLessThan(rounding);
    }
  });

  it('leaves the padding alone, if there is any', async () => {
    const instance = exampleInstance({
      ...ALL_REMEDIES,
      ...severalChunks,
      logitAdjustment: -10,
    });
    const { value, gradient, variables, layout } = await evaluateAtStart(device, instance);
    expect(value).toBeGreaterThan(0);
    if (device !== 'loops') expect(layout.end).toBeLessThan(gradient.length);
    for (const values of [gradient, variables]) {
      expect(values.slice(layout.end).every((value) => value === 0)).toBe(true);
    }
  });
});

describe.each(DEVICES.filter((device) => device !== 'loops'))('evaluate on %s', (device) => {
  it('keeps six digits of sums over 300,000 samples', async () => {
    await engineOn(device);
    const problem = balance(manySamples);
    const { end, featureOffset } = layOut(problem);
    // Equal terms, whose roundings have one sign.
    const start = randomStart(problem, 1).fill(0.3, featureOffset);
    const ours = await inTensors(problem, start);
    const point = Float64Array.from(ours.variables.subarray(0, end));
    const exact = inLoops(problem, point);
    const squares = point.reduce((total, x) => total + x * x, 0);
    expect(Math.abs((2 * ours.penalty) / squares - 1)).toBeLessThan(1.5e-6);
    const inW = exact.gradient.subarray(0, featureOffset);
    const scale = Math.max(...inW.map(Math.abs));
    inW.forEach((slope, at) => {
      expect(Math.abs(ours.gradient[at]! - slope)).toBeLessThan(1.5e-6 * scale);
    });
  });
});

describe('cutInChunks', () => {
  it('gives room to every row and entry of a million samples', () => {
    const chunks = cutInChunks({ classes: 10, features: 10, rows: 1_000_001 });
    expect(chunks.paddedRows).toBeGreaterThanOrEqual(chunks.rows);
    expect(chunks.rowsPerChunk).toBeLessThanOrEqual(256);
    expect(chunks.length).toBeGreaterThanOrEqual(chunks.end);
    expect(chunks.length - chunks.end).toBeLessThan(
      chunks.vectorChunks + chunks.rowChunks * chunks.features,
    );
  });
});
