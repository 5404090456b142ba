import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHealthServer, type Health } from '../../workers/health.js';

const HOST = '127.0.0.1';

describe('the health of a process of workers', () => {
  it('is alive unless a worker has failed, and ready only while all of them poll; a word says so, and lines say why', async () => {
    let health: Health = 'starting';
    let reasons: string[] = [];
    const report = () => ({ health, reasons });
    const server = await startHealthServer({ host: HOST, port: 0 }, report);
    onTestFinished(() => server.close());
    const ask = async (path: string) => {
      const response = await fetch(`http://${HOST}:${server.port}${path}`);
      return `${response.status} ${await response.text()}`;
    };
    expect(await ask('/healthz')).toBe('200 starting\n');
    expect(await ask('/readyz')).toBe('503 starting\n');
    health = 'ready';
    expect(await ask('/healthz')).toBe('200 ready\n');
    expect(await ask('/readyz')).toBe('200 ready\n');
    health = 'out';
    reasons = ['the store /one is not there', 'the store /two is full'];
    expect(await ask('/healthz')).toBe(`200 out\n${reasons.join('\n')}\n`);
    expect(await ask('/readyz')).toBe(`503 out\n${reasons.join('\n')}\n`);
    reasons = [];
    health = 'draining';
    expect(await ask('/healthz')).toBe('200 draining\n');
    expect(await ask('/readyz')).toBe('503 draining\n');
    health = 'failed';
    expect(await ask('/healthz')).toBe('503 failed\n');
    expect(await ask('/readyz')).toBe('503 failed\n');
    expect(await ask('/')).toMatch(/^404/);
  });

  it('is not served on a port that is taken', async () => {
    const other = createServer().listen(0, HOST);
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const starting = startHealthServer({ host: HOST, port }, () => ({
      health: 'ready',
      reasons: [],
    }));
    await expect(starting).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
