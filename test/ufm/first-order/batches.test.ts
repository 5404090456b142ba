import { describe, expect, it } from 'vitest';
import { balance } from '../../../ufm/first-order/balance.js';
import { batchesInMemory } from '../../../ufm/first-order/batches.js';
import { loops } from '../../../ufm/loops/engine.js';
import { tensors } from '../../../ufm/tensor/engine.js';
import { exampleInstance } from './example.js';

describe('batchesInMemory', () => {
  it('puts every instance in one batch, with others of its shape only', () => {
    const instances = [5, 7, 5, 5, 7].map((featureDimension) =>
      exampleInstance({ featureDimension }),
    );
    expect(batchesInMemory(instances, tensors)).toEqual([
      [0, 2, 3],
      [1, 4],
    ]);
  });

  it.each([
    ['tensors', tensors, exampleInstance({ form: 'per-sample', clusters: [[5, 10_000]] })],
    ['loops', loops, exampleInstance()],
  ])(
    'keeps a batch within the memory of %s, and an instance that is larger by itself',
    (_, engine, small) => {
      const { bytesOf, mostBytes } = engine;
      const huge = exampleInstance({ form: 'per-sample', clusters: [[5, 1_000_000]] });
      const fitting = Math.floor(mostBytes / bytesOf(balance(small)));
      const instances = [...Array<typeof small>(3 * fitting).fill(small), huge, huge];
      const batches = batchesInMemory(instances, engine);
      expect(batches.map(({ length }) => length)).toEqual([fitting, fitting, fitting, 1, 1]);
      expect(bytesOf(balance(huge))).toBeGreaterThan(mostBytes);
      expect(batches.flat()).toEqual(instances.map((_, i) => i));
    },
  );
});
