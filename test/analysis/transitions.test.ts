import { describe, expect, it } from 'vitest';
import { transitionsOf } from '../../analysis/transitions.js';
import type { Cluster } from '../../study/instance.js';
import { syntheticPoint } from './synthetic.js';

const namesOf = (clusters: Cluster[]): string[] => transitionsOf(clusters).map(({ name }) => name);

describe('transitionsOf', () => {
  it.each<[string, Cluster[], string[]]>([
    [
      'two clusters',
      [
        [5, 500],
        [5, 100],
      ],
      ['minority-collapse', 'minority-mean', 'total-collapse'],
    ],
    [
      'three clusters',
      [
        [3, 900],
        [3, 300],
        [4, 100],
      ],
      ['minority-collapse', 'cluster-2-collapse', 'mean-2', 'mean-1', 'total-collapse'],
    ],
    ['balanced classes', [[10, 100]], ['total-collapse']],
    [
      'one minority class, which cannot collapse',
      [
        [9, 500],
        [1, 100],
      ],
      ['minority-mean', 'total-collapse'],
    ],
    [
      'one majority class',
      [
        [1, 500],
        [9, 100],
      ],
      ['minority-collapse', 'minority-mean'],
    ],
    [
      'a long tail of single classes',
      [
        [1, 300],
        [1, 200],
        [1, 100],
      ],
      ['mean-2', 'mean-1'],
    ],
  ])('names those of %s', (_, clusters, names) => {
    expect(namesOf(clusters)).toEqual(names);
  });

  it('lets the merged cluster speak where sample counts meet, except for the mean block', () => {
    const merged = syntheticPoint(
      [
        [5, 100],
        [5, 100],
      ],
      0.005,
      'majoritySamples',
      { majoritySamples: 100 },
    );
    const [minority, mean] = transitionsOf([
      [5, 500],
      [5, 100],
    ]);
    expect(minority!.collapsed(merged)).toBe(false);
    expect(mean!.collapsed(merged)).toBeNull();
  });

  it('takes the singular values of the mean block from what the contrasts leave', () => {
    const point = {
      ...syntheticPoint(
        [
          [3, 900],
          [2, 300],
          [1, 100],
        ],
        0.001,
        'lambda',
        { lambda: 0.001 },
      ),
      contrasts: [2, 5, null],
      singularValues: [9, 5, 3, 2, 2.0000001, 0],
    };
    const byName = new Map(transitionsOf(point.clusters).map((each) => [each.name, each]));
    expect(byName.get('mean-1')!.orderParameter(point)).toBe(9);
    expect(byName.get('mean-2')!.orderParameter(point)).toBe(3);
    expect(byName.get('mean-1')!.collapsed(point)).toBe(point.meanCollapsed);
    expect(byName.get('mean-2')!.collapsed(point)).toBeNull();
    expect(byName.get('mean-2')!.orderParameter({ ...point, singularValues: null })).toBeNull();
  });

  it('takes from the nuclear norm what the contrasts hold, and leaves the mean block', () => {
    const [, mean] = transitionsOf([
      [5, 500],
      [5, 100],
    ]);
    const point = syntheticPoint(
      [
        [5, 500],
        [5, 100],
      ],
      0.004,
      'lambda',
      { lambda: 0.004 },
    );
    expect(mean!.orderParameter(point)).toBeGreaterThan(0.1);
    const beyond = syntheticPoint(
      [
        [5, 500],
        [5, 100],
      ],
      0.006,
      'lambda',
      { lambda: 0.006 },
    );
    expect(mean!.orderParameter(beyond)).toBeCloseTo(0, 12);
    expect(mean!.orderParameter({ ...point, contrasts: null })).toBeNull();
  });
});
