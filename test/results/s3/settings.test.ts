import { describe, expect, it } from 'vitest';
import {
  cacheBytes,
  cacheFolder,
  endpointOf,
  placeOf,
  usesPathStyle,
} from '../../../results/s3/settings.js';

describe('what the environment says of S3', () => {
  it('is where the service is, for S3 alone before that for all services', () => {
    const all = { AWS_ENDPOINT_URL: 'http://all' };
    expect(endpointOf({})).toBeNull();
    expect(endpointOf(all)).toBe('http://all');
    expect(endpointOf({ ...all, AWS_ENDPOINT_URL_S3: 'http://s3' })).toBe('http://s3');
  });

  it('puts the bucket into the path of services other than AWS, unless told otherwise', () => {
    const endpoint = { AWS_ENDPOINT_URL_S3: 'http://s3' };
    expect(usesPathStyle({})).toBe(false);
    expect(usesPathStyle(endpoint)).toBe(true);
    expect(usesPathStyle({ ...endpoint, UFM_S3_PATH_STYLE: 'false' })).toBe(false);
    expect(usesPathStyle({ UFM_S3_PATH_STYLE: 'true' })).toBe(true);
    expect(() => usesPathStyle({ UFM_S3_PATH_STYLE: 'yes' })).toThrow(/UFM_S3_PATH_STYLE is yes/);
  });

  it('is where copies are kept, and how many', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/caches' })).toBe('/caches/ufm-sweep');
    expect(cacheFolder({ XDG_CACHE_HOME: '/caches', UFM_CACHE: '/scratch' })).toBe('/scratch');
    expect(cacheFolder({})).toMatch(/\.cache\/ufm-sweep$/);
    expect(cacheBytes({ UFM_CACHE_GB: '0.5' })).toBe(5e8);
    expect(cacheBytes({})).toBeGreaterThan(1e9);
    for (const wrong of ['0', '-1', 'much', '']) {
      expect(() => cacheBytes({ UFM_CACHE_GB: wrong })).toThrow(/positive number/);
    }
  });

  it('tells buckets of one name at two services apart', () => {
    const here = placeOf('s3://bucket/a', { AWS_ENDPOINT_URL: 'http://one' });
    expect(placeOf('s3://bucket/a', { AWS_ENDPOINT_URL: 'http://one' })).toBe(here);
    expect(placeOf('s3://bucket/a', { AWS_ENDPOINT_URL: 'http://two' })).not.toBe(here);
    expect(placeOf('s3://bucket/b', { AWS_ENDPOINT_URL: 'http://one' })).not.toBe(here);
  });
});
