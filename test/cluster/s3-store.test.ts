import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileCache } from '../../results/s3/file-cache.js';
import type { S3Store } from '../../results/s3-store.js';
import { describeCatalog } from '../results/catalog/catalog-contract.js';
import { describeStore } from '../results/store-contract.js';
import { BUCKET, clientOf, HAS_VERSITYGW, startObjectServer, storeThrough, type ObjectServer } from './versitygw.js'; // prettier-ignore

let server: ObjectServer;
let client: S3Client;
let cache: string;
let prefixes = 0;

const text = (value: string) => Buffer.from(value);

/** Stores on the same new prefix, as several processes of a machine would open them. */
function openAgain(): () => S3Store {
  const prefix = `prefix-${prefixes++}/below`;
  return () => storeThrough(client, prefix, new FileCache(cache, 1e9));
}

describe.skipIf(!HAS_VERSITYGW)('on a real server', () => {
  beforeAll(async () => {
    server = await startObjectServer();
    client = clientOf(server.port);
    cache = server.environment['UFM_CACHE']!;
  });

  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  describeStore('a bucket', () => {
    const open = openAgain();
    return Promise.resolve([open(), open()]);
  });

  describeCatalog('a bucket', () => Promise.resolve(openAgain()));

  describe('an S3 store', () => {
    it('keeps to its prefix, and to the bucket where it has none', async () => {
      const inside = storeThrough(client, 'some', new FileCache(cache, 1e9));
      const beside = storeThrough(client, 'something', new FileCache(cache, 1e9));
      await inside.publish('parts/a', text('one'));
      expect(await beside.list('parts')).toEqual([]);
      const whole = storeThrough(client, '', new FileCache(cache, 1e9));
      expect(whole.url).toBe(`s3://${BUCKET}`);
      expect(await whole.list('some')).toEqual(['some/parts/a']);
      expect(await whole.read('some/parts/a')).toEqual(text('one'));
    });

    it('lists more files than fit on a page of the service', async () => {
      const store = openAgain()();
      const names = Array.from({ length: 2100 }, (_, index) => `parts/${index}`);
      const folder = path.join(server.folder, BUCKET, store.url.slice(`s3://${BUCKET}/`.length));
      await mkdir(path.join(folder, 'parts'), { recursive: true });
      // As files of the server's folder they take no request each.
      for (const name of names) await writeFile(path.join(folder, name), name);
      expect(await store.list('parts')).toEqual(names.sort());
    });

    it('gives the service the SHA-256 of what it writes', async () => {
      const store = openAgain()();
      await store.publish('parts/a', text('abc'));
      await store.replace('parts/b', text('abc'));
      for (const name of ['a', 'b']) {
        const Key = `${store.url.slice(`s3://${BUCKET}/`.length)}/parts/${name}`;
        const request = new HeadObjectCommand({ Bucket: BUCKET, Key, ChecksumMode: 'ENABLED' });
        // Of "abc", FIPS 180-2, in base64.
        const expected = 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=';
        expect((await client.send(request)).ChecksumSHA256).toBe(expected);
      }
    });

    it('refuses text whose bytes were changed where they lie, and leaves Parquet to its readers', async () => {
      const store = openAgain()();
      for (const name of ['latest', 'a.parquet']) {
        await store.publish(name, text('written'));
        const file = path.join(server.folder, store.url.slice('s3://'.length), name);
        await writeFile(file, 'WRITTEN');
      }
      await expect(store.read('latest')).rejects.toThrow(/latest do not match their SHA-256/);
      await expect(store.localPath('latest')).rejects.toThrow(/do not match their SHA-256/);
      expect(await store.read('a.parquet')).toEqual(text('WRITTEN'));
    });

    it('tells what it set aside by its content, however often that is tried', async () => {
      const open = openAgain();
      await open().publish('parts/a', text('damaged'));
      await Promise.all(Array.from({ length: 8 }, () => open().quarantine('parts/a')));
      await open().publish('parts/a', text('damaged'));
      await open().quarantine('parts/a');
      expect(await open().list('quarantine')).toHaveLength(1);
    });

    it('does not take what was published since with what it sets aside', async () => {
      const open = openAgain();
      for (let race = 0; race < 20; race++) {
        const name = `parts/${race}`;
        await open().publish(name, text('damaged'));
        const publishing = async () => {
          while (!(await open().publish(name, text('whole'))));
        };
        await Promise.all([open().quarantine(name), publishing(), open().quarantine(name)]);
        // The second may have come late enough to set that aside as well, which loses nothing.
        const found = (await open().read(name)) ?? (await aside(open(), 'whole'));
        expect(String(found)).toBe('whole');
      }
    });

    it('keeps copies that a reader of files finds, by the name of the file', async () => {
      const store = openAgain()();
      await store.publish('parts/a.html', text('one'));
      const copy = await store.localPath('parts/a.html');
      expect(path.basename(copy)).toBe('a.html');
      expect(await readFile(copy, 'utf8')).toBe('one');
      await store.replace('parts/a.html', text('two'));
      expect(await readFile(await store.localPath('parts/a.html'), 'utf8')).toBe('two');
      expect(await readFile(copy, 'utf8')).toBe('one');
      expect((await readdir(cache)).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
    });
  });
});

async function aside(store: S3Store, content: string): Promise<Uint8Array | undefined> {
  const files = await Promise.all((await store.list('quarantine')).map((each) => store.read(each)));
  return files.find((bytes) => String(bytes) === content) ?? undefined;
}
