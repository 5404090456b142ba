import { createHash } from 'node:crypto';
import { damage, DamagedFileError } from './checksum.js';
import { QUARANTINE_FOLDER } from './paths.js';
import { requireRelative } from './relative-path.js';
import { parseS3Url, s3Url, type S3Address } from './s3/address.js';
import type { Bucket, ReceivedObject } from './s3/bucket.js';
import { FileCache } from './s3/file-cache.js';
import { cacheBytes, cacheFolder, placeOf } from './s3/settings.js';
import type { Store } from './store.js';

/**
 * A store in a bucket of an S3-compatible service. The service has to answer conditional requests: of many that put
 * an object with `If-None-Match: *` one wins, and it is there whole or not at all.
 */
export class S3Store implements Store {
  readonly url: string;
  readonly #cache: FileCache;
  /** Tells the copies of this store from those of others. */
  readonly #place: string;
  readonly #believesCopies: boolean;
  readonly #connect: () => Promise<Bucket>;
  /** ETags from the last listing of each file, until they are used. */
  readonly #listed = new Map<string, string>();
  /** Where the versions that were last read lie on this machine. */
  readonly #copies = new Map<string, string>();

  /**
   * @param url `s3://bucket/prefix`
   * @param connect opens the bucket, at the first request
   * @param believesCopies whether a copy of a version that was listed counts as read
   */
  constructor(
    url: string,
    connect: (address: S3Address) => Promise<Bucket> = openBucket,
    cache: FileCache = sharedCache(),
    believesCopies = true,
  ) {
    const address = parseS3Url(url);
    this.url = s3Url(address);
    this.#place = placeOf(this.url);
    this.#cache = cache;
    this.#believesCopies = believesCopies;
    let bucket: Promise<Bucket> | undefined;
    this.#connect = () => (bucket ??= connect(address));
  }

  /**
   * As `Store.read`. Parquet files are kept on this machine, and the first read of one after a listing takes the
   * copy of the version that was listed: to check thousands of parts again takes no request each.
   *
   * @throws DamagedFileError when it is no Parquet file, whose readers check it themselves, and is damaged
   */
  async read(path: string): Promise<Uint8Array | null> {
    const copy = await this.#listedCopy(requireRelative(path));
    if (copy !== null) return copy;
    const object = await (await this.#connect()).get(path);
    this.#forget(path);
    if (object === null) return null;
    if (!isParquet(path)) return soundBytes(path, object);
    if (damage(object.bytes) === null) await this.#keep(path, object).catch(() => undefined);
    // An earlier copy may be good, but then it is not what is there.
    else await this.#cache.drop(this.#version(object.etag));
    return object.bytes;
  }

  async publish(path: string, bytes: Uint8Array): Promise<boolean> {
    requireRelative(path);
    return (await this.#connect()).create(path, bytes);
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    requireRelative(path);
    await (await this.#connect()).put(path, bytes);
    this.#forget(path);
  }

  async list(folder: string): Promise<string[]> {
    requireRelative(folder);
    const found = await (await this.#connect()).list(`${folder}/`);
    // Consoles make objects that stand for folders.
    const files = [...found].filter(([path]) => !path.endsWith('/'));
    if (this.#believesCopies) for (const [path, etag] of files) this.#listed.set(path, etag);
    return files.map(([path]) => path).sort();
  }

  async quarantine(path: string): Promise<void> {
    requireRelative(path);
    const bucket = await this.#connect();
    // Whoever sets the same bytes aside at the same time gives them the same name.
    await bucket.move(path, (etag) => `${QUARANTINE_FOLDER}/${path}.${shortHash(etag)}`);
    this.#forget(path);
  }

  async localPath(path: string): Promise<string> {
    const known = this.#copies.get(requireRelative(path));
    if (known !== undefined) return known;
    if ((await this.#listedCopy(path)) !== null) return this.#copies.get(path)!;
    const object = await (await this.#connect()).get(path);
    if (object === null) throw new Error(`there is no ${path} in ${this.url}`);
    if (!isParquet(path)) soundBytes(path, object);
    return this.#keep(path, object);
  }

  direct(): Store {
    return new S3Store(this.url, this.#connect, this.#cache, false);
  }

  /** The bytes of the version that was listed, if a copy is here. Every listing counts once. */
  async #listedCopy(path: string): Promise<Uint8Array | null> {
    const etag = this.#listed.get(path);
    if (etag === undefined) return null;
    this.#listed.delete(path);
    const copy = await this.#cache.find(this.#version(etag), path);
    if (copy === null) return null;
    this.#copies.set(path, copy.path);
    return copy.bytes;
  }

  async #keep(path: string, { etag, bytes }: ReceivedObject): Promise<string> {
    const copy = await this.#cache.keep(this.#version(etag), path, bytes);
    this.#copies.set(path, copy);
    return copy;
  }

  #version(etag: string): string {
    return `${this.#place}-${etag}`;
  }

  #forget(path: string): void {
    this.#listed.delete(path);
    this.#copies.delete(path);
  }
}

/** The SDK takes a quarter of a second to load: only who opens a bucket waits for it. */
async function openBucket(address: S3Address): Promise<Bucket> {
  const { Bucket } = await import('./s3/bucket.js');
  return new Bucket(address);
}

let shared: FileCache | undefined;

/** One for the process, which then knows when it is time to prune. */
function sharedCache(): FileCache {
  return (shared ??= new FileCache(cacheFolder(), cacheBytes()));
}

function soundBytes(path: string, { bytes, intact }: ReceivedObject): Uint8Array {
  if (!intact) throw new DamagedFileError(`the bytes of ${path} do not match their SHA-256`);
  return bytes;
}

function isParquet(path: string): boolean {
  return path.endsWith('.parquet');
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
