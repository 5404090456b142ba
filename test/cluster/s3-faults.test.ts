import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { faultClassOf } from '../../activities/fault-class.js';
import { GuardedStore } from '../../results/guarded-store.js';
import { FileCache } from '../../results/s3/file-cache.js';
import { uploadFile } from '../../results/s3/upload.js';
import { claimStore } from '../../results/store-identity.js';
import { StoreUnavailable } from '../../results/store-unavailable.js';
import type { Store } from '../../results/store.js';
import { temporaryFolder } from '../cli/command.js';
import { startFaultyProxy, type Fault, type FaultyProxy } from './faulty-proxy.js';
import { BUCKET, clientOf, HAS_VERSITYGW, startObjectServer, storeThrough, type ObjectServer } from './versitygw.js'; // prettier-ignore

const unavailable = (status: string): Fault => ({
  answer: `HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
});

/** The server did all that was asked, and nobody hears of it. */
const LOST_ANSWER: Fault = { cutResponseAfter: 0 };

let server: ObjectServer;
let clean: S3Client;
let prefixes = 0;
const opened: { proxy: FaultyProxy; client: S3Client }[] = [];

/** A store behind a proxy, each request on a connection of its own, and the same store without. */
async function openThrough(
  faultOf: (connection: number) => Fault,
): Promise<{ store: Store; direct: Store; client: S3Client; proxy: FaultyProxy }> {
  const prefix = `prefix-${prefixes++}`;
  const proxy = await startFaultyProxy(server.port, faultOf);
  const client = clientOf(proxy.port, { httpAgent: { keepAlive: false } });
  opened.push({ proxy, client });
  const cache = new FileCache(server.environment['UFM_CACHE']!, 1e9);
  return {
    store: storeThrough(client, prefix, cache),
    direct: storeThrough(clean, prefix, cache),
    client,
    proxy,
  };
}

describe.skipIf(!HAS_VERSITYGW)('an S3 store behind a bad line', () => {
  beforeAll(async () => {
    server = await startObjectServer();
    clean = clientOf(server.port);
  });

  afterEach(async () => {
    for (const { proxy, client } of opened.splice(0)) {
      client.destroy();
      await proxy.close();
    }
  });

  afterAll(async () => {
    clean.destroy();
    await server.stop();
  });

  it('knows that it has published although the answer was lost', async () => {
    const { store, direct, proxy } = await openThrough((index) => (index < 2 ? LOST_ANSWER : null));
    expect(await store.publish('parts/a', Buffer.from('mine'))).toBe(true);
    expect(proxy.faults).toBe(2);
    expect(await direct.read('parts/a')).toEqual(Buffer.from('mine'));
  });

  it('knows that somebody else has published, equal bytes or not, although the answer was lost', async () => {
    const { store, direct, proxy } = await openThrough((index) => (index < 1 ? LOST_ANSWER : null));
    await direct.publish('parts/a', Buffer.from('theirs'));
    expect(await store.publish('parts/a', Buffer.from('theirs'))).toBe(false);
    expect(await store.publish('parts/a', Buffer.from('mine'))).toBe(false);
    expect(proxy.faults).toBe(1);
    expect(await direct.read('parts/a')).toEqual(Buffer.from('theirs'));
  });

  it.each(['500 Internal Server Error', '502 Bad Gateway', '503 Slow Down', '504 Gateway Timeout'])(
    'tries again after %s, whatever it was doing',
    async (status) => {
      const { store, proxy } = await openThrough((index) =>
        index % 3 < 2 ? unavailable(status) : null,
      );
      expect(await store.publish('parts/a', Buffer.from('one'))).toBe(true);
      await store.replace('parts/b', Buffer.from('two'));
      expect(await store.list('parts')).toEqual(['parts/a', 'parts/b']);
      expect(await store.read('parts/b')).toEqual(Buffer.from('two'));
      expect(await store.read('parts/c')).toBeNull();
      await store.quarantine('parts/a');
      expect(await store.list('parts')).toEqual(['parts/b']);
      expect(proxy.faults).toBeGreaterThanOrEqual(10);
    },
  );

  it('says that the service does not answer when it never does', async () => {
    const { store, proxy } = await openThrough(() => unavailable('503 Slow Down'));
    await expect(store.publish('parts/a', Buffer.from('one'))).rejects.toThrow(
      /s3:\/\/studies\/prefix-\d+: the service answered 503/,
    );
    expect(proxy.faults).toBe(8);
  });

  it('is a fault of the infrastructure, and of no file, when the service answers nothing but 503', async () => {
    const { store, direct } = await openThrough(() => unavailable('503 Slow Down'));
    const guarded = new GuardedStore(store, await claimStore(direct));
    const works = [
      () => guarded.read('parts/a'),
      () => guarded.publish('parts/a', Buffer.from('one')),
      () => guarded.list('parts'),
      () => guarded.requireThere(),
    ];
    for (const work of works) {
      const fault = await work().catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(StoreUnavailable);
      expect(faultClassOf(fault)).toBe('infrastructure');
    }
  });

  it('reads a large file whole although the line is cut in the middle of it, again and again', async () => {
    const bytes = Buffer.alloc(3 << 20, 'a part of a study ');
    const { store, direct, proxy } = await openThrough((index) =>
      index < 4 ? { cutResponseAfter: 1000 + index * 700_000 } : null,
    );
    await direct.publish('parts/a.parquet', bytes);
    expect(bytes.equals((await store.read('parts/a.parquet'))!)).toBe(true);
    expect(proxy.faults).toBe(4);
  });

  it('does not take bytes that were changed on the way for those of the file', async () => {
    const { store, direct, proxy } = await openThrough((index) =>
      index < 2 ? { flipResponseAt: 20_000 } : null,
    );
    for (const name of ['latest', 'parts/a.parquet']) {
      await direct.publish(name, Buffer.alloc(40_000, 'a'));
    }
    expect(await store.read('latest')).toEqual(Buffer.alloc(40_000, 'a'));
    expect(await store.read('parts/a.parquet')).toEqual(Buffer.alloc(40_000, 'a'));
    expect(proxy.faults).toBe(2);
  });

  it('uploads a large file in parts whole, although the line is cut in the middle of each', async () => {
    const file = path.join(await temporaryFolder(), 'export.parquet');
    const bytes = Buffer.alloc((40 << 20) + 123, 'rows of a study ');
    await writeFile(file, bytes);
    // The first request opens the upload; of the others every second is cut, and its last answer is lost.
    const { client, proxy } = await openThrough((index) =>
      index % 2 === 0 ? null : index < 7 ? { cutRequestAfter: 5 << 20 } : LOST_ANSWER,
    );
    await uploadFile(file, { bucket: BUCKET, key: 'exports/large.parquet' }, client);
    expect(proxy.faults).toBe(4);
    const folder = path.join(server.folder, BUCKET, 'exports');
    expect(await readdir(folder)).toEqual(['large.parquet']);
    expect(bytes.equals(await readFile(path.join(folder, 'large.parquet')))).toBe(true);
  });

  it('leaves nothing of an upload that fails', async () => {
    const file = path.join(await temporaryFolder(), 'export.parquet');
    await writeFile(file, Buffer.alloc(20 << 20));
    const { client } = await openThrough((index) =>
      index >= 1 && index <= 8 ? { cutRequestAfter: 1 << 20 } : null,
    );
    const upload = uploadFile(file, { bucket: BUCKET, key: 'failed.parquet' }, client);
    await expect(upload).rejects.toThrow(
      /s3:\/\/studies\/failed.parquet: the service .*does not answer/,
    );
    const uploads = await clean.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
    expect(uploads.Uploads ?? []).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'has one winner a race, and no half file, when lines are cut anywhere (seed %i)',
    async (seed) => {
      const random = xoroshiro128plus(seed);
      const below = (limit: number): number => uniformInt(random, 0, limit - 1);
      const anywhere = (): Fault => {
        const kind = below(12);
        if (kind === 0) return { cutRequestAfter: below(45_000) };
        if (kind === 1) return { cutResponseAfter: below(45_000) };
        if (kind === 2) return LOST_ANSWER;
        return null;
      };
      const { store: one, direct, proxy } = await openThrough(anywhere);
      const contents = ['one', 'two', 'three'].map((name) => Buffer.alloc(40_000, `${name} `));
      for (let race = 0; race < 15; race++) {
        const name = `parts/${race}`;
        const writers = contents.map((bytes, index) => (index === 2 ? direct : one).publish(name, bytes)); // prettier-ignore
        const won = await Promise.all(writers);
        expect(won.filter(Boolean)).toHaveLength(1);
        const winner = contents[won.indexOf(true)]!;
        expect(winner.equals((await one.read(name))!)).toBe(true);
        expect(winner.equals((await direct.read(name))!)).toBe(true);
      }
      expect(await one.list('parts')).toHaveLength(15);
      expect(proxy.faults).toBeGreaterThan(0);
      const folder = path.join(server.folder, direct.url.slice('s3://'.length));
      expect(await readdir(folder)).toEqual(['parts']);
    },
  );
});
