import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { describe, expect, it } from 'vitest';
import { damage, stamp } from '../../results/checksum.js';
import { encodePart } from '../../results/part.js';
import { sampleRow } from './sample-rows.js';

const part = encodePart([0, 1, 2].map((index) => sampleRow(index)));

describe('the checksum of a Parquet file', () => {
  it('finds nothing wrong with a file as it was written', () => {
    expect(damage(part)).toBeNull();
  });

  it('notices every one of many single flipped bits', () => {
    const random = xoroshiro128plus(7);
    const unnoticed = Array.from({ length: 4000 }, () =>
      uniformInt(random, 0, 8 * part.length - 1),
    ).filter((bit) => {
      const copy = part.slice();
      copy[bit >> 3]! ^= 1 << (bit & 7);
      return damage(copy) === null;
    });
    expect(unnoticed).toEqual([]);
  });

  it('notices a flip of every bit of the seal itself', () => {
    const start = Buffer.from(part).lastIndexOf('ufm.seal');
    const bits = Array.from({ length: 8 * 128 }, (_, bit) => 8 * start + bit);
    const unnoticed = bits.filter((bit) => {
      const copy = part.slice();
      copy[bit >> 3]! ^= 1 << (bit & 7);
      return damage(copy) === null;
    });
    expect(unnoticed).toEqual([]);
  });

  it('notices a file that is empty, cut short at any byte, or longer than it was', () => {
    expect(damage(new Uint8Array())).toBe('the file is empty');
    const unnoticed = Array.from({ length: part.length }, (_, length) => length).filter(
      (length) => damage(part.slice(0, length)) === null,
    );
    expect(unnoticed).toEqual([]);
    expect(damage(Buffer.concat([part, new Uint8Array(1)]))).not.toBeNull();
  });

  it('says what is wrong', () => {
    expect(damage(part.slice(0, 1000))).toMatch(/no checksum: it was cut short/);
    const copy = part.slice();
    copy[100]! ^= 1;
    expect(damage(copy)).toMatch(/do not match their SHA-256/);
  });

  it('stamps nothing that has no empty place for the digest', () => {
    expect(() => stamp(new Uint8Array(100))).toThrow(/no blank digest/);
    expect(() => stamp(part.slice())).toThrow(/no blank digest/);
  });
});
