import { randomUUID } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { FileDetails } from '../store.js';
import { s3Url, type S3Address } from './address.js';
import { withBackOff } from './back-off.js';
import { sharedClient } from './client.js';
import { inWords, nullIfMissing, statusOf, StoreUnusable } from './failures.js';
import { UnusableFile } from '../unusable-file.js';
import { DIGEST, receiveObject, sha256, type ReceivedObject } from './receive.js';

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

  /**
   * Null when there is none.
   *
   * @throws UnusableFile when it has more bytes than it may have
   */
  async get(key: string, largest: number): Promise<ReceivedObject | null> {
    return this.#said(() => receiveObject(this.#client, this.#object(key), key, largest));
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
      // Any other failure says nothing of it: the next file will tell.
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

  /** All objects whose keys begin with this, by key. */
  async list(prefix: string): Promise<Map<string, FileDetails>> {
    return this.#said(async () => {
      const { bucket } = this.#address;
      const request = { Bucket: bucket, Prefix: this.#address.prefix + prefix };
      const found = new Map<string, FileDetails>();
      for await (const page of paginateListObjectsV2({ client: this.#client }, request)) {
        for (const { Key, ETag, LastModified, Size } of page.Contents ?? []) {
          const listed = { bytes: Size!, writtenAt: LastModified!.getTime(), version: ETag! };
          found.set(Key!.slice(this.#address.prefix.length), listed);
        }
      }
      return found;
    });
  }

  /** What a listing would tell of one object; null when there is none. */
  async detailsOf(key: string): Promise<FileDetails | null> {
    return this.#said(async () => {
      const request = new HeadObjectCommand(this.#object(key));
      const answer = await this.#client.send(request).catch(nullIfMissing);
      if (answer === null) return null;
      const { ContentLength, LastModified, ETag } = answer;
      return { bytes: ContentLength!, writtenAt: LastModified!.getTime(), version: ETag! };
    });
  }

  /** Names of the folders directly below the prefix. */
  async folders(): Promise<string[]> {
    return this.#said(async () => {
      const { bucket, prefix } = this.#address;
      const request = { Bucket: bucket, Prefix: prefix, Delimiter: '/' };
      const names: string[] = [];
      for await (const page of paginateListObjectsV2({ client: this.#client }, request)) {
        for (const { Prefix } of page.CommonPrefixes ?? []) {
          names.push(Prefix!.slice(prefix.length).replace(/\/$/, ''));
        }
      }
      return names;
    });
  }

  /** Whether no key begins with the prefix, but for the object by which consoles show it as a folder. */
  async isEmpty(): Promise<boolean> {
    const { bucket, prefix } = this.#address;
    const request = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 2 });
    const { Contents = [] } = await this.#said(() => this.#client.send(request));
    return Contents.every(({ Key }) => Key === prefix);
  }

  /** Deletes an object; nothing when there is none. */
  async delete(key: string): Promise<void> {
    await this.#said(() => this.#client.send(new DeleteObjectCommand(this.#object(key))));
  }

  /**
   * Gives an object another name, made from its ETag, unless it has changed or gone meanwhile.
   *
   * @param judged the ETag of the one that is meant; without, whichever is there
   */
  async move(key: string, nameFor: (etag: string) => string, judged?: string): Promise<void> {
    const there = await this.#head(key);
    if (there === null || (judged !== undefined && there.etag !== judged)) return;
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
    if (error instanceof UnusableFile) return error;
    return inWords(error, s3Url(this.#address));
  }
}
