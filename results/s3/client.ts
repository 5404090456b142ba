import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { ATTEMPTS } from './back-off.js';
import { usesPathStyle } from './settings.js';

// The SDK would wait for ever for an answer, and TCP for a quarter of an hour.
const CONNECTED_WITHIN_MS = 5_000;
const SILENT_FOR_MS = 30_000;

let shared: S3Client | undefined;

/** The client of this process: connections are kept, and credentials are looked up once. */
export function sharedClient(): S3Client {
  return (shared ??= newClient());
}

/** Credentials, region and endpoint are found as the AWS SDK finds them: environment, `~/.aws`, role of the machine. */
export function newClient(options: S3ClientConfig = {}): S3Client {
  // That later versions of the SDK want a later Node is no news for whoever runs a study with this one.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return new S3Client({
    maxAttempts: ATTEMPTS,
    forcePathStyle: usesPathStyle(),
    requestHandler: { connectionTimeout: CONNECTED_WITHIN_MS, socketTimeout: SILENT_FOR_MS },
    // SHA-256 goes with what matters; other services than AWS do not know the SDK's CRC.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...options,
  });
}
