import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { serverFolder } from '../../../workers/server/find-server.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the folder of what runs the studies of a store', () => {
  it('lies in the store, where that is a folder', () => {
    expect(serverFolder('/some/store')).toBe(path.join('/some/store', 'server'));
  });

  it('lies on this machine, one a store, where that is a bucket', () => {
    vi.stubEnv('XDG_STATE_HOME', '/states');
    const folder = serverFolder('s3://bucket/a/b');
    expect(folder).toMatch(/^\/states\/ufm-sweep\/bucket-a-b-[0-9a-f]{8}\/server$/);
    expect(serverFolder('s3://bucket/a/b')).toBe(folder);
    expect(serverFolder('s3://bucket/a-b')).not.toBe(folder);
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://elsewhere');
    expect(serverFolder('s3://bucket/a/b')).not.toBe(folder);
  });

  it('is one of the user where nothing says where such things go', () => {
    vi.stubEnv('XDG_STATE_HOME', undefined);
    expect(serverFolder('s3://bucket')).toMatch(/\.local\/state\/ufm-sweep\/bucket-\w{8}\/server$/);
  });
});
