/** Where a store lies in an S3-compatible service. */
export interface S3Address {
  readonly bucket: string;
  /** What the keys of all its files begin with: empty, or with a slash at its end. */
  readonly prefix: string;
}

/** Where an object lies. */
export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

/** Whether a store or an object is named by `s3://`. */
export function isS3Url(url: string): boolean {
  return /^s3:\/\//i.test(url);
}

/**
 * Takes `s3://bucket/prefix` apart. Where the service is and how it is spoken to is in the environment; see
 * `settings.ts`.
 *
 * @throws Error when there is no bucket, or the prefix could not be a folder.
 */
export function parseS3Url(url: string): S3Address {
  const [bucket = '', ...segments] = url.replace(/^s3:\/\//i, '').split('/');
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new Error(
      `${url} names no bucket: write s3://bucket/prefix, with 3 to 63 small letters, digits, dots and hyphens`,
    );
  }
  if (segments.at(-1) === '') segments.pop();
  const unclear = segments.some(
    (segment) => !/^[\w .=@+-]+$/.test(segment) || /^\.+$/.test(segment),
  );
  if (unclear) {
    throw new Error(`${url} has a prefix that is no folder: use letters, digits and . _ - = @ +`);
  }
  return { bucket, prefix: segments.map((segment) => `${segment}/`).join('') };
}

/**
 * Takes `s3://bucket/key` apart.
 *
 * @throws Error as `parseS3Url` does, or when there is no key.
 */
export function parseObjectUrl(url: string): ObjectAddress {
  const { bucket, prefix } = parseS3Url(url);
  if (prefix === '') throw new Error(`${url} names no file in the bucket: write s3://bucket/file`);
  return { bucket, key: prefix.slice(0, -1) };
}

/** The one way in which an address is written: without a slash at the end. */
export function s3Url({ bucket, prefix }: S3Address): string {
  return `s3://${bucket}/${prefix}`.replace(/\/$/, '');
}
