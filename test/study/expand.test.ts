import { describe, expect, it } from 'vitest';
import { coordinatesOf, expandGrid, gridSize, instanceAt } from '../../study/expand.js';
import { ImpossibleInstance } from '../../study/impossible.js';
import { gridOf, studyOf, studyText } from './studies.js';

const TWO = ['classes: 10', 'majorityClasses: 5', 'majoritySamples: 500', 'minoritySamples: 100'];
const tensor = { solver: { kind: 'tensor', tolerance: 1e-6, polish: true } } as const;
const exact = { solver: { kind: 'exact', tolerance: 1e-9, polish: true } } as const;
const point = {
  clusters: [
    [5, 500],
    [5, 100],
  ],
  lambda: 0.01,
  form: 'per-sample',
  seed: 7,
} as const;

describe('an instance', () => {
  it('is complete, with as many dimensions as classes unless they are given', () => {
    expect(instanceAt(tensor, point)).toEqual({
      clusters: [
        [5, 500],
        [5, 100],
      ],
      lambdaW: 0.01,
      lambdaH: 0.01,
      lambdaB: null,
      featureDimension: 10,
      form: 'per-sample',
      solver: 'tensor',
      tolerance: 1e-6,
      polish: true,
      seed: 7,
    });
    expect(instanceAt(tensor, { ...point, featureDimension: 12 }).featureDimension).toBe(12);
  });

  it('of the exact solver has no start, no polish and class means: what it ignores does not tell points apart', () => {
    const { form, seed, polish } = instanceAt(exact, point);
    expect({ form, seed, polish }).toEqual({ form: 'class-means', seed: null, polish: false });
  });

  it('is of the solver that the grid names, or else of the one of the study', () => {
    expect(instanceAt(tensor, { ...point, solverKind: 'exact' })).toEqual(
      instanceAt({ solver: { ...exact.solver, tolerance: 1e-6 } }, point),
    );
    expect(instanceAt(exact, { ...point, solverKind: 'tensor' })).toMatchObject({
      solver: 'tensor',
      form: 'per-sample',
      tolerance: 1e-9,
      seed: 7,
    });
  });

  it('is found between the values of a grid, where bracketing looks', () => {
    const study = studyOf(studyText(...TWO, 'lambda: [0.01, 0.02]', 'locate: {along: lambda}'));
    const [first] = coordinatesOf(study.grids[0]!);
    expect(instanceAt(study, { ...first, lambda: 0.0123 }).lambdaW).toBe(0.0123);
  });

  it('is refused where there is none', () => {
    expect(() => instanceAt(tensor, { ...point, sampleScale: 1e-9 })).toThrow(ImpossibleInstance);
    expect(() => instanceAt(tensor, { ...point, sampleScale: 1e6 })).toThrow(/class-means/);
  });
});

describe('a grid', () => {
  it('is the product of its axes, the last one fastest, each point with every name', () => {
    const study = studyOf(studyText(...TWO, 'lambda: [0.1, 0.2]', 'seed: [1, 2, 3]'));
    const points = [...expandGrid(study, study.grids[0]!)];
    expect(points.map(({ instance }) => [instance.lambdaW, instance.seed])).toEqual([
      [0.1, 1],
      [0.1, 2],
      [0.1, 3],
      [0.2, 1],
      [0.2, 2],
      [0.2, 3],
    ]);
    const names =
      'classes,form,lambda,lambdaB,majorityClasses,majoritySamples,minoritySamples,seed';
    for (const { coordinates } of points) expect(Object.keys(coordinates).join()).toBe(names);
  });

  it.each([
    ['nothing', []],
    ['a point', ['exclude: [{lambda: 0.1, seed: 2}]']],
    ['overlapping lines', ['exclude: [{lambda: 0.1}, {seed: 2}, {lambda: 0.2, seed: [1, 2]}]']],
    ['one line twice', ['exclude: [{lambda: 0.1}, {lambda: [0.1, 0.3]}]']],
    [
      'a line in a plane that the grid fixes',
      ['exclude: [{classes: 10, majorityClasses: 4, lambda: 0.4}]'],
    ],
  ])('knows its size without %s of it being expanded', (_, exclude) => {
    const grid = gridOf(
      'classes: 10',
      'majorityClasses: [3, 4, 5]',
      'majoritySamples: [10, 20]',
      'minoritySamples: [5, 6]',
      'zip: [majoritySamples, minoritySamples]',
      'lambda: {from: 0.1, to: 0.4, step: 0.1}',
      'seed: [1, 2, 3]',
      ...exclude,
    );
    expect(gridSize(grid)).toBe([...coordinatesOf(grid)].length);
    expect(gridSize({ ...grid, exclude: [] })).toBe(72);
  });

  it('leaves out what agrees with every name of an exclusion, and nothing else', () => {
    const grid = gridOf(
      ...TWO,
      'lambda: [0.1, 0.2]',
      'seed: [1, 2]',
      'exclude: [{lambda: 0.1, seed: 2}]',
    );
    const left = [...coordinatesOf(grid)].map(({ lambda, seed }) => [lambda, seed]);
    expect(left).toEqual([
      [0.1, 1],
      [0.2, 1],
      [0.2, 2],
    ]);
  });

  it('of millions of points is counted at once', () => {
    const axis = '{from: 1, to: 2, points: 2000}';
    const grid = gridOf(
      ...TWO,
      `lambdaW: ${axis}`,
      `lambdaH: ${axis}`,
      'exclude: [{lambdaW: 1}, {lambdaH: 2}]',
    );
    expect(gridSize(grid)).toBe(2000 ** 2 - 2 * 2000 + 1);
  });
});
