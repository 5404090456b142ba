import { describe, expect, it } from 'vitest';
import { balance } from '../../../ufm/first-order/balance.js';
import { cutToMemory, groupByShape } from '../../../ufm/first-order/batches.js';
import { loops } from '../../../ufm/loops/engine.js';
import { tensorsWithin } from '../../../ufm/tensor/engine.js';
import { exampleInstance } from './example.js';

describe('groupByShape', () => {
  it('puts every instance with the others of its shape', () => {
    const instances = [5, 7, 5, 5, 7].map((featureDimension) =>
      exampleInstance({ featureDimension }),
    );
    expect(groupByShape(instances)).toEqual([
      [0, 2, 3],
      [1, 4],
    ]);
    expect(groupByShape([])).toEqual([]);
  });
});

describe('cutToMemory', () => {
  it.each([
    [
      'tensors',
      tensorsWithin(2 ** 30),
      exampleInstance({ form: 'per-sample', clusters: [[5, 10_000]] }),
    ],
    ['loops', loops, exampleInstance()],
  ])(
    'keeps a batch within the memory of %s, and an instance that is larger by itself',
    (_, engine, small) => {
      const { bytesOf, mostBytes } = engine;
      const huge = exampleInstance({ form: 'per-sample', clusters: [[5, 1_000_000]] });
      const fitting = Math.floor(mostBytes / bytesOf(balance(small)));
      const instances = Array.from({ length: 2 * fitting + 1 }, (_, seed) => ({ ...small, seed }));
      const batches = cutToMemory(instances, engine);
      expect(batches.map(({ length }) => length)).toEqual([fitting, fitting, 1]);
      expect(batches.flat()).toEqual(instances);
      expect(bytesOf(balance(huge))).toBeGreaterThan(mostBytes);
      expect(cutToMemory([huge, huge], engine)).toEqual([[huge], [huge]]);
    },
  );
});
