import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Bucket } from '../../../results/s3/bucket.js';
import { newClient } from '../../../results/s3/client.js';

/** The port of a service that takes every put, whatever the condition is; `refused` are the statuses it starts with. */
async function carelessService(refused: number[]): Promise<number> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(refused.shift() ?? 200, { ETag: '"same"' }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function bucketOf(port: number): Bucket {
  const client = newClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'some', secretAccessKey: 'thing' },
    forcePathStyle: true,
  });
  onTestFinished(() => {
    client.destroy();
  });
  return new Bucket({ bucket: 'bucket', prefix: 'prefix/' }, client);
}

it('refuses a service that would let the last writer win', async () => {
  const bucket = bucketOf(await carelessService([]));
  await expect(bucket.create('parts/a', Buffer.from('one'))).rejects.toThrow(
    /s3:\/\/bucket\/prefix: the service overwrites files in spite of If-None-Match/,
  );
});

it('tries again where two writers were in conflict', async () => {
  const bucket = bucketOf(await carelessService([409, 409, 200, 412]));
  expect(await bucket.create('parts/a', Buffer.from('one'))).toBe(true);
  // It was seen to refuse a second object, and is not asked again.
  expect(await bucket.create('parts/b', Buffer.from('one'))).toBe(true);
});
