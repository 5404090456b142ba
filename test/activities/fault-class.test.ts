import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { faultClassOf, type FaultClass } from '../../activities/fault-class.js';
import { OtherNumericalVersion, UnsolvablePoint } from '../../activities/failures.js';
import { underTemporal } from '../../activities/temporal.js';
import { inWords } from '../../results/s3/failures.js';
import { NotAStore } from '../../results/store-identity.js';
import { StoreUnavailable } from '../../results/store-unavailable.js';
import { UnknownStudy } from '../../results/studies.js';
import { UnusableFile } from '../../results/unusable-file.js';
import { INFRASTRUCTURE, InvalidInput } from '../../study/failures.js';
import { settled, unsettled } from '../../workers/threads/thread-result.js';

const system = (code: string): Error => Object.assign(new Error(`${code}: so it is`), { code });

/** What the AWS SDK throws. */
const service = (name: string, httpStatusCode?: number): Error =>
  Object.assign(new Error(name), {
    name,
    $metadata: { httpStatusCode },
  });

const S3 = 's3://bucket/prefix';

const CLASSES: readonly (readonly [what: string, error: unknown, of: FaultClass])[] = [
  ['a store that is away', new StoreUnavailable('away'), 'infrastructure'],
  ['a full disk', system('ENOSPC'), 'infrastructure'],
  ['a quota that is used up', system('EDQUOT'), 'infrastructure'],
  ['a disk that cannot be read', system('EIO'), 'infrastructure'],
  ['a server of files that has forgotten them', system('ESTALE'), 'infrastructure'],
  ['a mount whose other end is gone', system('ENOTCONN'), 'infrastructure'],
  ['a file system that is only to be read', system('EROFS'), 'infrastructure'],
  ['a folder that may not be opened', system('EACCES'), 'infrastructure'],
  ['too many open files', system('EMFILE'), 'infrastructure'],
  ['a machine without memory', system('ENOMEM'), 'infrastructure'],
  ['a service that does not answer', inWords(system('ECONNREFUSED'), S3), 'infrastructure'],
  ['a service that is not well', inWords(service('InternalError', 500), S3), 'infrastructure'],
  ['a service that asks for patience', inWords(service('SlowDown', 503), S3), 'infrastructure'],
  ['credentials that have expired', inWords(service('ExpiredToken', 400), S3), 'infrastructure'],
  ['no credentials', inWords(service('CredentialsProviderError'), S3), 'infrastructure'],
  ['a bucket that is gone', inWords(service('NoSuchBucket', 404), S3), 'infrastructure'],
  ['DuckDB on a full disk', new Error('IO Error: Could not write file "/tmp/x": No space left on device'), 'infrastructure'], // prettier-ignore
  ['DuckDB on a broken disk', new Error('IO Error: Could not read from file "/s/parts/a.parquet": Input/output error'), 'infrastructure'], // prettier-ignore
  ['a file that this machine may not read', new UnusableFile('plans/a', 'no', true, { cause: system('EACCES') }), 'infrastructure'], // prettier-ignore
  ['a file that nobody can read', new UnusableFile('plans/a', 'it is a folder'), 'shard'],
  ['a thread that ran out of memory', system('ERR_WORKER_OUT_OF_MEMORY'), 'shard'],
  ['a query beyond its memory', new Error('Out of Memory Error: failed to allocate'), 'shard'],
  ['another version of the solvers', new OtherNumericalVersion('another'), 'shard'],
  ['a bug', new TypeError('x is not a function'), 'shard'],
  ['no error', 'text', 'shard'],
  ['a point that no study asks for', new UnsolvablePoint('no'), 'permanent'],
  ['arguments that are none', new InvalidInput('no'), 'permanent'],
  ['a study that is not there', new UnknownStudy('no'), 'permanent'],
  ['a place that is no store', new NotAStore('no'), 'permanent'],
];

describe('an error of an activity', () => {
  it.each(CLASSES)('%s', (_, error, of) => {
    expect(faultClassOf(error)).toBe(of);
  });

  it.each(CLASSES)('%s: the same where it comes from a thread', async (_, error, of) => {
    const result = structuredClone(await settled(Promise.reject(error as Error)));
    const thrown = ((): unknown => {
      try {
        return unsettled(result);
      } catch (again) {
        return again;
      }
    })();
    expect(faultClassOf(thrown)).toBe(of);
  });

  it.each(CLASSES)('%s: the same where it is the cause of another', (_, error, of) => {
    const outer = new Error('it went wrong', { cause: error });
    expect(faultClassOf(outer)).toBe(of);
  });

  it('is handed to Temporal by its class: the infrastructure has one type, and nothing that trying there would mend', async () => {
    const failureOf = (error: Error) =>
      new MockActivityEnvironment()
        .run(() => underTemporal(() => Promise.reject(error)))
        .catch((failure: unknown) => failure);
    expect(await failureOf(system('ENOSPC'))).toMatchObject({
      type: INFRASTRUCTURE,
      nonRetryable: true,
      message: expect.stringMatching(/^on \S+: ENOSPC: so it is$/) as string,
    });
    expect(await failureOf(new UnsolvablePoint('no'))).toMatchObject({
      type: 'UnsolvablePoint',
      nonRetryable: true,
    });
    expect(await failureOf(system('ERR_WORKER_OUT_OF_MEMORY'))).toMatchObject({
      type: 'Error',
      nonRetryable: false,
    });
  });
});
