import { endpointOf } from './settings.js';

/** An object store that cannot be used as things are: the message says what to mend. */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable';
}

/** What the SDK's errors have in common. */
export interface ServiceFailure {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The HTTP status of an answer that was an error; null when there was no answer. */
export function statusOf(error: unknown): number | null {
  return (error as ServiceFailure).$metadata?.httpStatusCode ?? null;
}

const UNKNOWN_KEY = 'the access key is not known there: check the credentials and the endpoint';

/** What a person can do about a failure, by the name that the service or the SDK gives it. */
const REMEDIES: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket: make it, or mend --store',
  AccessDenied:
    'access is denied: the credentials need s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject here',
  InvalidAccessKeyId: UNKNOWN_KEY,
  // Of versitygw.
  XAdminUserNotFound: UNKNOWN_KEY,
  SignatureDoesNotMatch: 'the secret key does not belong to the access key: check the credentials',
  ExpiredToken: 'the credentials have expired: renew them',
  InvalidToken: 'the session token is not valid: renew the credentials',
  PermanentRedirect: 'the bucket is in another region: set AWS_REGION to it',
  AuthorizationHeaderMalformed: 'the bucket is in another region: set AWS_REGION to it',
  CredentialsProviderError:
    'there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the machine a role',
  RequestTimeTooSkewed: "this machine's clock is wrong: set it",
};

const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'TimeoutError']); // prettier-ignore

/** A failure of the service or on the way to it, in words for whoever named the store. */
export function inWords(error: unknown, url: string): Error {
  const { name, message, code = '' } = error as ServiceFailure;
  const status = statusOf(error);
  const remedy =
    REMEDIES[name] ??
    // The answer to a HEAD has no body that would name the failure.
    (status === 403 ? REMEDIES['AccessDenied'] : undefined) ??
    (/region is missing/i.test(message) ? 'no region is set: set AWS_REGION' : undefined) ??
    (UNREACHABLE.has(name) || UNREACHABLE.has(code) ? unreachable() : undefined);
  if (remedy !== undefined) return new StoreUnusable(`${url}: ${remedy}`, { cause: error });
  const answer = status === null ? '' : `the service answered ${status} `;
  const said = `${url}: ${answer}${name === 'Error' ? '' : name}`.trimEnd();
  return isUnwell(status)
    ? new StoreUnusable(said, { cause: error })
    : new Error(said, { cause: error });
}

/** Whether a service has a fault of its own, or asks for patience. */
function isUnwell(status: number | null): boolean {
  return status !== null && (status >= 500 || status === 429);
}

function unreachable(): string {
  const endpoint = endpointOf();
  return endpoint === null
    ? 'the service does not answer: is AWS_ENDPOINT_URL_S3 to be set?'
    : `the service at ${endpoint} does not answer: check AWS_ENDPOINT_URL_S3 and that it runs`;
}

/** A missing object is an answer; other things that are missing, such as its bucket, are errors. */
export function nullIfMissing(error: unknown): null {
  if (['NoSuchKey', 'NotFound'].includes((error as Error).name)) return null;
  throw error;
}
