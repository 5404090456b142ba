import { createHash, randomUUID } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type GetObjectCommandOutput,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { s3Url, type S3Address } from './address.js';
import { withBackOff } from './back-off.js';
import { sharedClient } from './client.js';
import { inWords, statusOf, StoreUnusable } from './failures.js';

/** An object as it was received. */
export interface ReceivedObject {
  readonly bytes: Buffer;
  /** Changes whenever the object does. */
  readonly etag: string;
  /** Whether the bytes have the SHA-256 that their writer gave; also true of what something else has written. */
  readonly intact: boolean;
}

/** Metadata of an object: the SHA-256 of its bytes, in hex. */
const DIGEST = 'sha256';

/** Bytes that come damaged this often lie damaged in the bucket. */
const DAMAGED_AT_MOST = 3;

const CONFLICT = 409;
const PRECONDITION_FAILED = 412;

/** Clients whose service was seen to refuse a second object of one name. */
const keepsTheFirst = new WeakSet<S3Client>();

/** What the store needs of S3, on the objects below a prefix. Its errors are words for whoever named the store. */
export class Bucket {
  readonly #client: S3Client;
  readonly #address: S3Address;

  constructor(address: S3Address, client: S3Client = sharedClient()) {
    this.#address = address;
    this.#client = client;
  }

  /** Null when there is none. Bytes that were damaged on the way, or did not all come, are asked for again. */
  async get(key: string): Promise<ReceivedObject | null> {
    const receive = async (): Promise<ReceivedObject | null> => {
      const request = new GetObjectCommand(this.#object(key));
      const answer = await this.#client.send(request).catch(nullIfMissing);
      if (answer === null) return null;
      const object = await receivedFrom(answer);
      if (!object.intact) throw new Unsound(object);
      return object;
    };
    let damaged = 0;
    const passes = (error: unknown): boolean =>
      error instanceof Unsound && (error.object === null || ++damaged < DAMAGED_AT_MOST);
    try {
      return await withBackOff(receive, passes);
    } catch (error) {
      if (!(error instanceof Unsound)) throw this.#inWords(error);
      if (error.object === null) throw this.#inWords(error.cause);
      return error.object;
    }
  }

  /**
   * Makes an object, unless there is one. A request whose answer is lost is sent again by the SDK and then finds its
   * own object there: the mark tells it from somebody else's.
   */
  async create(key: string, bytes: Uint8Array): Promise<boolean> {
    const mark = randomUUID();
    const request = { ...this.#content(key, bytes, { mark }), IfNoneMatch: '*' };
    try {
      // Two writers at the same time: the service may tell either that it should try again.
      await withBackOff(
        () => this.#client.send(new PutObjectCommand(request)),
        (error) => statusOf(error) === CONFLICT,
      );
    } catch (error) {
      if (statusOf(error) !== PRECONDITION_FAILED) throw this.#inWords(error);
      keepsTheFirst.add(this.#client);
      const there = await this.#head(key);
      return there?.mark === mark;
    }
    if (!keepsTheFirst.has(this.#client)) await this.#requireToKeepTheFirst(request);
    return true;
  }

  /** A service that does not know the condition lets the last writer win, and nobody would notice. */
  async #requireToKeepTheFirst(published: PutObjectCommandInput): Promise<void> {
    try {
      await this.#client.send(new PutObjectCommand(published));
    } catch (error) {
      if (statusOf(error) === PRECONDITION_FAILED) keepsTheFirst.add(this.#client);
      return;
    }
    throw new StoreUnusable(
      `${s3Url(this.#address)}: the service overwrites files in spite of If-None-Match, so that of two writers the ` +
        'last would win: use one that has conditional puts',
    );
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#said(() => this.#client.send(new PutObjectCommand(this.#content(key, bytes))));
  }

  /** The ETags of all objects whose keys begin with this, by key. */
  async list(prefix: string): Promise<Map<string, string>> {
    return this.#said(async () => {
      const { bucket } = this.#address;
      const request = { Bucket: bucket, Prefix: this.#address.prefix + prefix };
      const found = new Map<string, string>();
      for await (const page of paginateListObjectsV2({ client: this.#client }, request)) {
        for (const { Key, ETag } of page.Contents ?? []) {
          found.set(Key!.slice(this.#address.prefix.length), ETag!);
        }
      }
      return found;
    });
  }

  /** Gives an object another name, made from its ETag, unless it has changed or gone meanwhile. */
  async move(key: string, nameFor: (etag: string) => string): Promise<void> {
    const there = await this.#head(key);
    if (there === null) return;
    const { bucket, prefix } = this.#address;
    const source = encodeURIComponent(`${bucket}/${prefix}${key}`);
    const copy = { CopySource: source, CopySourceIfMatch: there.etag };
    const target = this.#object(nameFor(there.etag));
    const original = { ...this.#object(key), IfMatch: there.etag };
    try {
      await this.#client.send(new CopyObjectCommand({ ...target, ...copy }));
      await this.#client.send(new DeleteObjectCommand(original));
    } catch (error) {
      const changed = [CONFLICT, PRECONDITION_FAILED].includes(statusOf(error) ?? 0);
      if (!changed && (error as Error).name !== 'NoSuchKey') throw this.#inWords(error);
    }
  }

  async #head(key: string): Promise<{ readonly etag: string; readonly mark?: string } | null> {
    return this.#said(async () => {
      const request = new HeadObjectCommand(this.#object(key));
      const answer = await this.#client.send(request).catch(nullIfMissing);
      return answer === null ? null : { etag: answer.ETag!, ...answer.Metadata };
    });
  }

  #object(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#address.bucket, Key: this.#address.prefix + key };
  }

  /** The service checks the SHA-256 of what it receives; in the metadata every service gives it back as well. */
  #content(key: string, bytes: Uint8Array, metadata = {}): PutObjectCommandInput {
    const digest = sha256(bytes);
    return {
      ...this.#object(key),
      Body: bytes,
      ChecksumSHA256: digest.toString('base64'),
      Metadata: { [DIGEST]: digest.toString('hex'), ...metadata },
    };
  }

  async #said<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#inWords(error);
    }
  }

  #inWords(error: unknown): Error {
    return inWords(error, s3Url(this.#address));
  }
}

/** What came was not what was sent, or not all of it. */
class Unsound extends Error {
  constructor(
    readonly object: ReceivedObject | null,
    options?: ErrorOptions,
  ) {
    super('the bytes that came are not those that were sent', options);
  }
}

async function receivedFrom(answer: GetObjectCommandOutput): Promise<ReceivedObject> {
  const array = await answer.Body!.transformToByteArray().catch((cause: unknown) => {
    throw new Unsound(null, { cause });
  });
  const bytes = Buffer.from(array.buffer, array.byteOffset, array.length);
  const expected = answer.Metadata?.[DIGEST];
  const intact = expected === undefined || expected === sha256(bytes).toString('hex');
  return { bytes, etag: answer.ETag!, intact };
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** A missing object is an answer; other things that are missing, such as its bucket, are errors. */
function nullIfMissing(error: unknown): null {
  if (['NoSuchKey', 'NotFound'].includes((error as Error).name)) return null;
  throw error;
}
