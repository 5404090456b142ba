import { describe, expect, it } from 'vitest';
import { DamagedFileError } from '../../results/checksum.js';
import { contentName } from '../../results/content-named.js';
import {
  encodeManifest,
  encodePointer,
  pageOfShard,
  readManifest,
  readPointer,
} from '../../results/manifest.js';
import { manifestPath, pagePath } from '../../results/paths.js';

const VERSION = { study: 'small', specHash: 'abc' };
const name = (digit: string): string => digit.repeat(32);
const PLAN = {
  round: 2,
  numericalVersion: 4,
  points: 99,
  shards: 11,
  shardsPerPage: 8,
  pages: ['a', 'b', 'c'].map(name),
};

/** Reads what somebody has put under the name of its content. */
const read = (bytes: Uint8Array) => readManifest(manifestPath(VERSION, contentName(bytes)), bytes);

describe('the manifest of a plan', () => {
  it('gives back what it was made of, and finds the page of each shard', () => {
    const manifest = read(encodeManifest(PLAN));
    expect(manifest).toMatchObject(PLAN);
    expect(pageOfShard(VERSION, manifest, 0)).toEqual({ path: pagePath(VERSION, name('a')), rowGroup: 0 }); // prettier-ignore
    expect(pageOfShard(VERSION, manifest, 10)).toEqual({ path: pagePath(VERSION, name('b')), rowGroup: 2 }); // prettier-ignore
    expect(pageOfShard(VERSION, manifest, 11)).toBeNull();
  });

  it('is named by its content, and refused under any other name', () => {
    const bytes = encodeManifest(PLAN);
    expect(contentName(encodeManifest({ ...PLAN }))).toBe(contentName(bytes));
    expect(() => readManifest(manifestPath(VERSION, name('0')), bytes)).toThrow(DamagedFileError);
  });

  it.each([
    ['of another format', { version: 2 }],
    ['with a page that has no name of one', { pages: [name('a'), '../../x'] }],
    ['with no list of pages', { pages: 'a' }],
    ['with more shards than its pages hold', { shards: 25 }],
    ['with a number that is none', { points: -1 }],
    ['of a round that no study reaches', { round: 1000 }],
  ])('is refused %s', (_, change) => {
    const manifest = JSON.parse(Buffer.from(encodeManifest(PLAN)).toString()) as object;
    expect(() => read(Buffer.from(JSON.stringify({ ...manifest, ...change })))).toThrow(
      DamagedFileError,
    );
  });

  it.each(['', 'null', '{', '[]'])('is not the text %j', (text) => {
    expect(() => read(Buffer.from(text))).toThrow(DamagedFileError);
    expect(() => readPointer(Buffer.from(text))).toThrow(DamagedFileError);
  });
});

describe('a pointer', () => {
  it('says which manifest counts, and nothing that is none', () => {
    expect(readPointer(encodePointer(name('a')))).toBe(name('a'));
    expect(() => readPointer(encodePointer('../../etc'))).toThrow(DamagedFileError);
  });
});
