import { createHash } from 'node:crypto';
import { damage, DamagedFileError } from './checksum.js';
import { QUARANTINE_FOLDER } from './paths.js';
import { requireRelative } from './relative-path.js';
import { parseS3Url, s3Url, type S3Address } from './s3/address.js';
import type { Bucket } from './s3/bucket.js';
import { FileCache } from './s3/file-cache.js';
import type { ReceivedObject } from './s3/receive.js';
import { cacheBytes, cacheFolder, placeOf } from './s3/settings.js';
import type { FileDetails, Store } from './store.js';
import { LARGEST_FILE } from './unusable-file.js';

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
  /** ETags of files as they were last listed or read. */
  readonly #versions = new Map<string, string>();
  /** Files that were not read since they were listed. */
  readonly #unread = new Set<string>();

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
  async read(path: string, largest = LARGEST_FILE): Promise<Uint8Array | null> {
    requireRelative(path);
    if (this.#unread.delete(path)) {
      const copy = await this.#cache.find(this.#copyOf(this.#versions.get(path)!), path);
      if (copy !== null) return copy;
    }
    const object = await this.#get(path, largest);
    if (object === null) return null;
    if (!isParquet(path)) return soundBytes(path, object);
    const version = this.#copyOf(object.etag);
    if (damage(object.bytes) === null)
      await this.#cache.keep(version, path, object.bytes).catch(() => undefined);
    // An earlier copy may be good, but then it is not what is there.
    else await this.#cache.drop(version);
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
    return [...(await this.details(folder)).keys()].sort();
  }

  async details(folder: string): Promise<ReadonlyMap<string, FileDetails>> {
    requireRelative(folder);
    const found = await (await this.#connect()).list(`${folder}/`);
    // Consoles make objects that stand for folders.
    const files = new Map([...found].filter(([path]) => !path.endsWith('/')));
    for (const [path, { version }] of files) {
      this.#versions.set(path, version);
      if (this.#believesCopies) this.#unread.add(path);
    }
    return files;
  }

  async detailsOf(path: string): Promise<FileDetails | null> {
    requireRelative(path);
    return (await this.#connect()).detailsOf(path);
  }

  async quarantine(path: string, judged?: Uint8Array): Promise<void> {
    requireRelative(path);
    const bucket = await this.#connect();
    const etag = judged === undefined ? undefined : await this.#etagOf(path, judged);
    this.#forget(path);
    // Something else has taken its place meanwhile.
    if (etag === null) return;
    // Whoever sets the same bytes aside at the same time gives them the same name.
    await bucket.move(path, (of) => `${QUARANTINE_FOLDER}/${path}.${shortHash(of)}`, etag);
  }

  async remove(path: string): Promise<void> {
    requireRelative(path);
    await (await this.#connect()).delete(path);
    this.#forget(path);
  }

  async localPath(path: string): Promise<string> {
    requireRelative(path);
    const known = this.#versions.get(path);
    if (known !== undefined) {
      const copy = await this.#cache.locate(this.#copyOf(known), path);
      if (copy !== null) return copy;
    }
    const object = await this.#get(path);
    if (object === null) throw new Error(`there is no ${path} in ${this.url}`);
    if (!isParquet(path)) soundBytes(path, object);
    return this.#cache.keep(this.#copyOf(object.etag), path, object.bytes);
  }

  async isEmpty(): Promise<boolean> {
    return (await this.#connect()).isEmpty();
  }

  direct(): Store {
    return new S3Store(this.url, this.#connect, this.#cache, false);
  }

  /** The ETag of a file that still holds these bytes; else null. */
  async #etagOf(path: string, judged: Uint8Array): Promise<string | null> {
    const object = await this.#get(path);
    return object?.bytes.equals(judged) ? object.etag : null;
  }

  async #get(path: string, largest = LARGEST_FILE): Promise<ReceivedObject | null> {
    const object = await (await this.#connect()).get(path, largest);
    this.#forget(path);
    if (object !== null) this.#versions.set(path, object.etag);
    return object;
  }

  /** What the copy of a version is called. */
  #copyOf(etag: string): string {
    return `${this.#place}-${etag}`;
  }

  #forget(path: string): void {
    this.#versions.delete(path);
    this.#unread.delete(path);
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
