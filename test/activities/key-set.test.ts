import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeySet } from '../../activities/key-set.js';

const keyOf = (index: number): string => createHash('sha256').update(String(index)).digest('hex');

describe('a set of point keys', () => {
  it('says of every key whether it is new, while it grows', () => {
    const keys = new KeySet();
    const indices = Array.from({ length: 5000 }, (_, index) => index);
    expect(indices.filter((index) => !keys.add(keyOf(index)))).toEqual([]);
    expect(indices.filter((index) => keys.add(keyOf(index)))).toEqual([]);
    expect(keys.size).toBe(5000);
  });

  it('tells keys apart that differ in one digit, and those that start on the same place', () => {
    const keys = new KeySet();
    const first = '0'.repeat(31) + '1' + 'f'.repeat(32);
    const variants = Array.from(
      { length: 31 },
      (_, digit) => first.slice(0, digit) + '7' + first.slice(digit + 1),
    );
    expect([first, ...variants].map((key) => keys.add(key))).toEqual(Array(32).fill(true));
    expect(keys.add(first)).toBe(false);
  });
});
