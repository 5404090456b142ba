import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import getPort from 'get-port';
import { expect, it, describe } from 'vitest';
import { temporaryFolder, ufmSweep } from './command.js';

/** Nothing of the surroundings of whoever runs the tests. */
const NOBODY = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_PROFILE: undefined,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_REGION: 'us-east-1',
};

async function verifyInBucket(env: Record<string, string | undefined>) {
  const cwd = await temporaryFolder();
  await writeFile(path.join(cwd, 'study.yaml'), '');
  return ufmSweep(['verify', 'some', '--store', 's3://bucket/prefix'], { cwd, env: { ...NOBODY, ...env } }); // prettier-ignore
}

const KEYS = { AWS_ACCESS_KEY_ID: 'some', AWS_SECRET_ACCESS_KEY: 'thing' };

describe('a store in a bucket that cannot be reached', () => {
  it('is told from an address where nobody answers', async () => {
    const endpoint = `http://127.0.0.1:${await getPort()}`;
    const { exitCode, stdout, stderr } = await verifyInBucket({ ...KEYS, AWS_ENDPOINT_URL_S3: endpoint }); // prettier-ignore
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^ufm-sweep: s3:\/\/bucket\/prefix: the service at http:.* does not answer: check AWS_ENDPOINT_URL_S3.*$/); // prettier-ignore
  });

  it('asks for credentials where there are none', async () => {
    const { exitCode, stderr } = await verifyInBucket({
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
    });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^ufm-sweep: s3:\/\/bucket\/prefix: there are no credentials: set AWS_ACCESS_KEY_ID and .*$/); // prettier-ignore
  });

  it('asks for a region where there is none', async () => {
    const { exitCode, stderr } = await verifyInBucket({ ...KEYS, AWS_REGION: undefined });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^ufm-sweep: s3:\/\/bucket\/prefix: no region is set: set AWS_REGION.*$/,
    );
  });
});
