import { describe, expect, it } from 'vitest';
import { coordinatesOf } from '../../study/expand.js';
import { sliceOf } from '../../study/slice.js';
import type { AxisName } from '../../study/study.js';
import { gridOf } from './studies.js';

const slices = (along: AxisName, ...lines: string[]) => {
  const grid = gridOf(...lines);
  return [
    ...new Set([...coordinatesOf(grid)].map((coordinates) => sliceOf(grid, along, coordinates))),
  ];
};

const TWO = ['classes: 10', 'majoritySamples: 500', 'minoritySamples: 100'];

describe('a slice', () => {
  it('is named by what the grid varies beside the search axis and the seed', () => {
    const lines = [
      ...TWO,
      'majorityClasses: [5, 3]',
      'lambda: [0.1, 0.2]',
      'lambdaB: [none, 0.02]',
      'seed: [1, 2]',
    ];
    expect(slices('lambda', ...lines)).toEqual([
      'majorityClasses=5, lambdaB=none',
      'majorityClasses=5, lambdaB=0.02',
      'majorityClasses=3, lambdaB=none',
      'majorityClasses=3, lambdaB=0.02',
    ]);
  });

  it('is all where nothing else varies', () => {
    expect(
      slices('lambda', ...TWO, 'majorityClasses: 5', 'lambda: [0.1, 0.2]', 'seed: [1, 2]'),
    ).toEqual(['all']);
  });

  it('leaves out what is zipped to the search axis', () => {
    const lines = [
      'classes: 10',
      'majorityClasses: [2, 3]',
      'majoritySamples: [5, 6]',
      'minoritySamples: [1, 2]',
    ];
    expect(
      slices('majoritySamples', ...lines, 'lambda: 1', 'zip: [majoritySamples, minoritySamples]'),
    ).toEqual(['majorityClasses=2', 'majorityClasses=3']);
  });

  it('names lists and mappings as JSON', () => {
    expect(slices('lambda', 'clusters: [[[5, 2]], [[3, 2], [2, 1]]]', 'lambda: [1, 2]')).toEqual([
      'clusters=[[5,2]]',
      'clusters=[[3,2],[2,1]]',
    ]);
  });
});
