import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectClient } from '../../../workers/server/connection.js';
import { connectWorker } from '../../../workers/server/worker-connection.js';
import type { EmbeddedServer } from '../../../workers/server/embedded-server.js';
import { startEmbeddedServer } from '../../../workers/server/embedded-server.js';
import { findTemporalBinary } from '../../../infra/temporal-binary.js';
import { channelArguments } from '../../../workers/server/proxy.js';
import { openServer } from '../../../workers/server/server-access.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const VARIABLES = ['http_proxy', 'https_proxy', 'grpc_proxy', 'all_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
]);

/** A proxy that takes connections and answers none. */
const proxy = createServer();
let asked = 0;
let folder: string;

beforeAll(async () => {
  proxy.on('connection', (socket) => {
    asked += 1;
    socket.on('error', () => undefined);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  folder = await mkdtemp(path.join(tmpdir(), 'ufm-proxy-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  proxy.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a proxy of the surroundings', () => {
  it.each([
    ['127.0.0.1:7233', true],
    ['127.9.9.9:7233', true],
    ['localhost:7233', true],
    ['LOCALHOST:7233', true],
    ['[::1]:7233', true],
    ['temporal.example:7233', false],
    ['127.0.0.1.example:7233', false],
    ['10.0.0.1:7233', false],
  ])('is not asked for %s: %s', (address, local) => {
    expect(channelArguments(address)).toEqual(local ? { 'grpc.enable_http_proxy': 0 } : {});
  });

  it.each([
    ['in all spellings', VARIABLES, ''],
    ['with exceptions that spell this machine otherwise', VARIABLES, 'localhost'],
  ])('is not asked for the embedded server: %s', async (_, names, exceptions) => {
    const { port } = proxy.address() as AddressInfo;
    for (const name of names) vi.stubEnv(name, `http://127.0.0.1:${port}`);
    for (const name of ['no_proxy', 'NO_PROXY', 'no_grpc_proxy']) vi.stubEnv(name, exceptions);
    const binary = (await findTemporalBinary())!;
    const server: EmbeddedServer = await startEmbeddedServer({ folder, binary, extraArguments: [] }); // prettier-ignore
    try {
      const client = await connectClient(openServer(server.address));
      await client.connection.close();
      const worker = await connectWorker(openServer(server.address));
      await worker.close();
      expect(asked).toBe(0);
    } finally {
      await server.stop();
    }
  });
});
