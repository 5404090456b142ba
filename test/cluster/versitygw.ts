import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import getPort from 'get-port';
import { newClient } from '../../results/s3/client.js';
import { Bucket } from '../../results/s3/bucket.js';
import { FileCache } from '../../results/s3/file-cache.js';
import { S3Store } from '../../results/s3-store.js';
import { endProcess } from '../end-process.js';

const BINARY = path.join(import.meta.dirname, '../../.tools/go/versitygw');

/** Whether `infra/go-tools.mjs` could provide the server. */
export const HAS_VERSITYGW = existsSync(BINARY);

export const BUCKET = 'studies';

const CREDENTIALS = { accessKeyId: 'tester', secretAccessKey: 'not so secret' };
const REGION = 'us-east-1';

/** A real S3-compatible server on a temporary folder of this machine. */
export interface ObjectServer {
  readonly port: number;
  /** A folder of the file system in which there is a folder a bucket, and a file an object. */
  readonly folder: string;
  /** What a process needs to use it, and to keep its own files below the temporary folder. */
  readonly environment: Readonly<Record<string, string>>;
  /** Kills it, and starts it again at the same address after so long. */
  goAwayFor(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server with one empty bucket, `BUCKET`. */
export async function startObjectServer(): Promise<ObjectServer> {
  const root = await mkdtemp(path.join(tmpdir(), 'ufm-s3-'));
  const folder = path.join(root, 'served');
  await mkdir(path.join(folder, BUCKET), { recursive: true });
  const port = await getPort();
  let server = await serve(port, folder);
  return {
    port,
    folder,
    environment: {
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      UFM_CACHE: path.join(root, 'cache'),
      XDG_STATE_HOME: path.join(root, 'state'),
    },
    async goAwayFor(milliseconds) {
      await endProcess(server);
      await delay(milliseconds);
      server = await serve(port, folder);
    },
    async stop() {
      await endProcess(server);
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function serve(port: number, folder: string): Promise<ChildProcess> {
  const address = ['--port', `127.0.0.1:${port}`, '--health', '/health', '--keep-alive', '--quiet'];
  const { accessKeyId, secretAccessKey } = CREDENTIALS;
  const server = spawn(BINARY, [...address, 'posix', folder], {
    env: { ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey },
    // It reports every line that a test cuts.
    stdio: 'ignore',
  });
  while (!(await answers(`http://127.0.0.1:${port}/health`))) {
    if (server.exitCode !== null) throw new Error('versitygw has ended instead of serving');
    await delay(20);
  }
  return server;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

/** A client of a server, or of something that stands before it. */
export function clientOf(
  port: number,
  requestHandler?: NonNullable<S3ClientConfig['requestHandler']>,
): S3Client {
  return newClient({
    ...(requestHandler && { requestHandler }),
    endpoint: `http://127.0.0.1:${port}`,
    region: REGION,
    credentials: CREDENTIALS,
    forcePathStyle: true,
  });
}

/** A store in `BUCKET` through the client, with copies of its own. */
export function storeThrough(client: S3Client, prefix: string, cache: FileCache): S3Store {
  return new S3Store(
    `s3://${BUCKET}/${prefix}`,
    (address) => Promise.resolve(new Bucket(address, client)),
    cache,
  );
}
