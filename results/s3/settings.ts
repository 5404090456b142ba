import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the environment says of S3, beyond what the AWS SDK reads of it by itself. */

type Environment = Readonly<Record<string, string | undefined>>;

/** Where an S3-compatible service is, when it is not AWS; the SDK reads the same variables. */
export function endpointOf(environment: Environment = process.env): string | null {
  return environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL'] ?? null;
}

/**
 * Whether the bucket stands in the path and not in the name of the host. Services other than AWS seldom have a host
 * a bucket, so that is what an endpoint gets unless `UFM_S3_PATH_STYLE` says otherwise.
 *
 * @throws Error when the variable is neither `true` nor `false`.
 */
export function usesPathStyle(environment: Environment = process.env): boolean {
  const wanted = environment['UFM_S3_PATH_STYLE'];
  if (wanted === undefined || wanted === '') return endpointOf(environment) !== null;
  if (wanted !== 'true' && wanted !== 'false') {
    throw new Error(`UFM_S3_PATH_STYLE is ${wanted}: it can be true or false`);
  }
  return wanted === 'true';
}

/** Folder for copies of files that lie elsewhere: `UFM_CACHE`, or one of the user's caches. */
export function cacheFolder(environment: Environment = process.env): string {
  const caches = environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return environment['UFM_CACHE'] ?? join(caches, 'ufm-sweep');
}

/** Gigabytes that the cache may take, `UFM_CACHE_GB`. */
const DEFAULT_CACHE_GB = 4;

/** @throws Error when `UFM_CACHE_GB` is no positive number. */
export function cacheBytes(environment: Environment = process.env): number {
  const wanted = environment['UFM_CACHE_GB'] ?? String(DEFAULT_CACHE_GB);
  const gigabytes = Number(wanted);
  if (!(gigabytes > 0)) throw new Error(`UFM_CACHE_GB is ${wanted}: it can be a positive number`);
  return gigabytes * 1e9;
}

/** Tells stores apart on this machine, by 8 hex digits: several services may have a bucket of one name. */
export function placeOf(url: string, environment: Environment = process.env): string {
  const place = `${endpointOf(environment) ?? 'aws'} ${url}`;
  return createHash('sha256').update(place).digest('hex').slice(0, 8);
}
