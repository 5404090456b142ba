import { describe, expect, it } from 'vitest';
import { batchesInMemory, bytesOf } from '../../../ufm/tensor/memory.js';
import { exampleInstance } from './example.js';

describe('batchesInMemory', () => {
  it('puts every instance in one batch, with others of its shape only', () => {
    const instances = [5, 7, 5, 5, 7].map((featureDimension) =>
      exampleInstance({ featureDimension }),
    );
    expect(batchesInMemory(instances)).toEqual([
      [0, 2, 3],
      [1, 4],
    ]);
  });

  it('keeps a batch within a gigabyte, and an instance that is larger by itself', () => {
    const large = exampleInstance({ form: 'per-sample', clusters: [[5, 10_000]] });
    const huge = exampleInstance({ form: 'per-sample', clusters: [[5, 1_000_000]] });
    const batches = batchesInMemory([...Array<typeof large>(100).fill(large), huge, huge]);
    for (const batch of batches.slice(0, -2)) {
      expect(batch.length * bytesOf(large)).toBeLessThanOrEqual(2 ** 30);
    }
    expect(bytesOf(huge)).toBeGreaterThan(2 ** 30);
    expect(batches.slice(-2)).toEqual([[100], [101]]);
    expect(batches.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 102 }, (_, i) => i));
  });
});
