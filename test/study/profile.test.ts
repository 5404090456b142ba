import { describe, expect, it } from 'vitest';
import { ImpossibleInstance } from '../../study/impossible.js';
import { profileOf } from '../../study/profile.js';

const tenClasses = { classes: 10, majorityClasses: 3 };

describe('the class profile', () => {
  it('of majority and minority follows from two of both counts and their ratio', () => {
    const expected = [
      [3, 500],
      [7, 125],
    ];
    expect(profileOf({ ...tenClasses, majoritySamples: 500, minoritySamples: 125 })).toEqual(
      expected,
    );
    expect(profileOf({ ...tenClasses, majoritySamples: 500, imbalanceRatio: 4 })).toEqual(expected);
    expect(profileOf({ ...tenClasses, minoritySamples: 125, imbalanceRatio: 4 })).toEqual(expected);
  });

  it('is sorted by samples and merges equal counts, however it is written', () => {
    expect(
      profileOf({
        clusters: [
          [2, 10],
          [3, 50],
          [1, 10],
        ],
      }),
    ).toEqual([
      [3, 50],
      [3, 10],
    ]);
    expect(profileOf({ samples: [10, 50, 50, 10, 10, 50] })).toEqual([
      [3, 50],
      [3, 10],
    ]);
    expect(profileOf({ ...tenClasses, majoritySamples: 100, imbalanceRatio: 1 })).toEqual([
      [10, 100],
    ]);
  });

  it('may have a minority larger than the majority', () => {
    expect(profileOf({ ...tenClasses, majoritySamples: 10, imbalanceRatio: 0.5 })).toEqual([
      [7, 20],
      [3, 10],
    ]);
  });

  it('of a long tail falls from the largest count by the ratio', () => {
    expect(profileOf({ classes: 4, longTail: { largest: 1000, ratio: 1000 } })).toEqual([
      [1, 1000],
      [1, 100],
      [1, 10],
      [1, 1],
    ]);
    expect(profileOf({ classes: 5, longTail: { largest: 7, ratio: 1 } })).toEqual([[5, 7]]);
  });

  it('is scaled as a whole, and rounded', () => {
    const scaled = profileOf({
      clusters: [
        [5, 500],
        [5, 101],
      ],
      sampleScale: 0.5,
    });
    expect(scaled).toEqual([
      [5, 250],
      [5, 51],
    ]);
  });

  it.each([
    [
      'minoritySamples rounded to zero',
      { ...tenClasses, majoritySamples: 10, imbalanceRatio: 30 },
      'imbalanceRatio',
    ],
    [
      'samples scaled to zero',
      {
        clusters: [
          [5, 500],
          [5, 1],
        ],
        sampleScale: 0.1,
      },
      'sampleScale',
    ],
    ['a tail that runs out', { classes: 4, longTail: { largest: 10, ratio: 1000 } }, 'longTail'],
    [
      'no minority',
      { classes: 3, majorityClasses: 3, majoritySamples: 5, minoritySamples: 1 },
      'majorityClasses',
    ],
    [
      'another number of classes',
      {
        classes: 10,
        clusters: [
          [3, 5],
          [3, 1],
        ],
      },
      'classes',
    ],
    ['one class', { clusters: [[1, 5]] }, 'clusters'],
    ['more samples than float64 counts', { clusters: [[5, 1e12]], sampleScale: 2 }, 'sampleScale'],
  ] as const)('is refused by the name to blame: %s', (_, coordinates, axis) => {
    expect(() => profileOf(coordinates)).toThrow(ImpossibleInstance);
    expect(() => profileOf(coordinates)).toThrow(expect.objectContaining({ axis }));
  });
});
