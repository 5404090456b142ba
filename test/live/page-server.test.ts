import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { claimStore } from '../../results/store-identity.js';
import { startLivePage, type LivePage } from '../../live/page-server.js';
import { LocalRecord } from '../../workers/engines/local-record.js';
import { runLocally } from '../../workers/engines/local-engine.js';
import { initialState, progressOf } from '../../study/conductor-state.js';
import {
  InlineSolver,
  newStore,
  saveText,
  SMALL_STUDY,
  worker,
} from '../activities/small-study.js';

/** What is read in a thread comes when the machine has time. */
const SOON = { timeout: 50_000 };

const HOSTILE = '<img src=x onerror=alert(1)>';

async function servedPage(store: string, port: number | null = null): Promise<LivePage> {
  const page = await startLivePage({ store, address: null, port });
  onTestFinished(() => page.close());
  return page;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Asks as nobody's browser would: with any path and headers, unchanged. */
function ask(
  { port, token }: LivePage,
  target: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const all = { Authorization: `Bearer ${token}`, ...headers };
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: target, method, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode!, headers: response.headers, body });
      });
    })
      .on('error', reject)
      .end();
  });
}

describe('the live page over HTTP', () => {
  it('shows what has landed of a study, with no server running', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    const page = await servedPage(store.url);
    const show = async (): Promise<unknown> =>
      JSON.parse((await ask(page, '/api/studies/small')).body);
    expect(await show()).toMatchObject({ status: { state: 'not started', engine: null } });

    const signal = new AbortController().signal;
    const solver = new InlineSolver();
    const nothing = (): void => undefined;
    await runLocally({
      ...{ reference, window: 1, again: false, solver, worker, signal },
      onProgress: nothing,
    });
    await expect.poll(show, SOON).toMatchObject({
      status: { state: 'done', points: { total: 9, done: 9, failed: 0 }, rate: null },
      uncontrollable: 'The study is done.',
      report: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
    const report = await ask(page, '/api/studies/small/report');
    expect(report.headers['content-type']).toMatch(/^text\/plain/);
    expect(report.body).toMatch(/9 points of 9 solved with a certificate/);
  });

  it('tells how far a run of the local engine is, and that it cannot be controlled', async () => {
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    const record = new LocalRecord(reference);
    const points = { total: 9, done: 4, failed: 1, cached: 2 };
    record.tell({ ...progressOf(initialState()), stage: 'solving', points });
    const page = await servedPage(store.url);
    await expect
      .poll(async () => JSON.parse((await ask(page, '/api/studies/small')).body) as unknown, SOON)
      .toMatchObject({
        status: { state: 'running', engine: 'local', points },
        uncontrollable: expect.stringContaining(`Process ${process.pid}`) as string,
      });
    expect(JSON.parse((await ask(page, '/api/studies')).body)).toMatchObject({
      studies: [{ name: 'small', underWay: true }],
    });
    await record.remove();
    await expect
      .poll(async () => JSON.parse((await ask(page, '/api/studies/small')).body) as unknown, SOON)
      .toMatchObject({ status: { state: 'not started', engine: null } });
  });

  it.each(['pause', 'resume', 'cancel'])(
    'does not %s what nothing runs, and says why',
    async (action) => {
      const store = await newStore();
      await saveText(store, SMALL_STUDY);
      const page = await servedPage(store.url);
      const { status, body } = await ask(page, `/api/studies/small/${action}`, { method: 'POST' });
      expect(status).toBe(409);
      expect(body).toMatch(/No Temporal server is running/);
    },
  );

  it('does nothing for a method that only reads', async () => {
    const store = await newStore();
    await saveText(store, SMALL_STUDY);
    const page = await servedPage(store.url);
    expect((await ask(page, '/api/studies/small/pause')).status).toBe(404);
    expect((await ask(page, '/api/studies/small', { method: 'POST' })).status).toBe(404);
    expect((await ask(page, '/api/studies', { method: 'POST' })).status).toBe(404);
  });

  it('refuses other hosts and origins, and says nothing without the token', async () => {
    const store = await newStore();
    await saveText(store, SMALL_STUDY);
    const page = await servedPage(store.url);
    const refused = async (headers: Record<string, string>, method = 'GET'): Promise<number> => {
      const { status, body } = await ask(page, '/api/studies', { headers, method });
      expect(body).not.toMatch(/small/);
      return status;
    };
    expect(await refused({ Host: `evil.example:${page.port}` })).toBe(403);
    expect(await refused({ Origin: 'http://evil.example' })).toBe(403);
    expect(await refused({ Authorization: 'Bearer x' })).toBe(401);
    expect(await refused({}, 'DELETE')).toBe(405);
  });

  it('listens on this machine alone', async () => {
    const page = await servedPage((await newStore()).url);
    expect(page.origin).toBe(`http://127.0.0.1:${page.port}`);
    const answered = await new Promise<boolean>((resolve) => {
      const socket = connect(page.port, '127.0.0.2');
      socket.on('connect', () => {
        resolve(true);
        socket.destroy();
      });
      socket.on('error', () => {
        resolve(false);
      });
    });
    expect(answered).toBe(false);
  });

  it.each([
    ['/api/studies/..%2f..%2fserver%2fpage.json'],
    ['/api/studies/..'],
    ['/api/studies/%2e%2e/report'],
    ['/api/studies/small/../../server'],
    ['/api/studies/%00'],
    ['/api/studies/%zz'],
    ['/api/studies/'],
    ['/api/studies/__proto__'],
    ['/api'],
    ['/assets/../page-server.js'],
    ['/assets/..%2fpage-server.js'],
    ['/assets/tsconfig.json'],
    ['/../../../../etc/passwd'],
    ['//evil.example/assets/main.js'],
    ['/studies/small/../../x'],
  ])('finds nothing outside what it serves: %s', async (target) => {
    const store = await newStore();
    await saveText(store, SMALL_STUDY);
    expect((await ask(await servedPage(store.url), target)).status).toBe(404);
  });

  it('holds the browser to its own script, and lets no address out', async () => {
    const page = await servedPage((await newStore()).url);
    for (const target of ['/', '/studies/any', '/assets/main.js', '/api/studies', '/nowhere']) {
      const { headers, body } = await ask(page, target);
      const policy = String(headers['content-security-policy']);
      expect(policy).toMatch(/default-src 'none'/);
      expect(policy).toMatch(/script-src 'self'(;|$)/);
      expect(policy).toMatch(/frame-ancestors 'none'/);
      expect(headers).toMatchObject({
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(body).not.toContain(page.token);
    }
    const { body } = await ask(page, '/');
    expect(body).not.toMatch(/<script(?![^>]* src="\/)/);
  });

  it('keeps port and token when it is started again, and takes another port when that is taken', async () => {
    const { url } = await newStore();
    const first = await startLivePage({ store: url, address: null, port: null });
    const beside = await servedPage(url);
    expect(beside.port).not.toBe(first.port);
    expect(beside.token).toBe(first.token);
    await first.close();
    await expect(startLivePage({ store: url, address: null, port: beside.port })).rejects.toThrow(
      /EADDRINUSE/,
    );
    const again = await servedPage(url, first.port);
    expect(again).toMatchObject({ port: first.port, token: first.token });
  });

  it('gives the name of a hostile study as text', async () => {
    const store = await newStore();
    await claimStore(store);
    const folder = path.join(store.url, 'studies', HOSTILE);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'latest'), '0000');
    const page = await servedPage(store.url);
    const list = await ask(page, '/api/studies');
    expect(list.headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(list.body)).toMatchObject({ studies: [{ name: HOSTILE }] });
    const missing = await ask(page, `/api/studies/${encodeURIComponent(HOSTILE)}`);
    expect(missing.headers['content-type']).toMatch(/^application\/json/);
    expect(missing.status).toBe(500);
  });
});
