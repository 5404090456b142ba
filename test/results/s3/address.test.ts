import { describe, expect, it } from 'vitest';
import { parseObjectUrl, parseS3Url, s3Url } from '../../../results/s3/address.js';
import { openStore } from '../../../results/open-store.js';

describe('the address of a store in a bucket', () => {
  it.each([
    ['s3://bucket', { bucket: 'bucket', prefix: '' }, 's3://bucket'],
    ['s3://bucket/', { bucket: 'bucket', prefix: '' }, 's3://bucket'],
    ['s3://bucket/a/b', { bucket: 'bucket', prefix: 'a/b/' }, 's3://bucket/a/b'],
    ['S3://my.bucket-1/a b/', { bucket: 'my.bucket-1', prefix: 'a b/' }, 's3://my.bucket-1/a b'],
  ])('of %s has a bucket and a prefix, and one way to be written', (url, address, written) => {
    expect(parseS3Url(url)).toEqual(address);
    expect(s3Url(address)).toBe(written);
    expect(openStore(url).url).toBe(written);
  });

  it.each([
    's3://',
    's3:///prefix',
    's3://Bucket/x',
    's3://ab',
    's3://-bucket',
    's3://user@bucket/x',
  ])('is refused where it names no bucket: %s', (url) => {
    expect(() => parseS3Url(url)).toThrow(/names no bucket: write s3:\/\/bucket\/prefix/);
  });

  it.each(['s3://bucket//a', 's3://bucket/a//', 's3://bucket/../a', 's3://bucket/a?endpoint=x', 's3://bucket/a%20b']) // prettier-ignore
  ('is refused where its prefix is no folder: %s', (url) => {
    expect(() => parseS3Url(url)).toThrow(/has a prefix that is no folder/);
  });
});

describe('the address of a file in a bucket', () => {
  it('has a bucket and a key', () => {
    const address = { bucket: 'bucket', key: 'a/b.parquet' };
    expect(parseObjectUrl('s3://bucket/a/b.parquet')).toEqual(address);
    expect(() => parseObjectUrl('s3://bucket')).toThrow(/names no file in the bucket/);
  });
});
