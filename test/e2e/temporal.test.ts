import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore } from '../../results/open-store.js';
import type { Store } from '../../results/store.js';
import { referenceTo } from '../../results/study-reference.js';
import { verifyStudy } from '../../results/verify.js';
import { openServer } from '../../workers/server/server-access.js';
import { runningServerAddress } from '../../workers/server/embedded-server.js';
import { identify, pidOf } from '../../workers/server/processes.js';
import { readRecord } from '../../workers/server/server-record.js';
import { serverFolder } from '../../workers/server/state-folder.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { LONG_POINTS, longStudy } from '../activities/long-study.js';
import { LOCATING_STUDY } from '../activities/small-study.js';

// Each starts servers and processes several times over: a minute is little on a busy machine.
vi.setConfig({ testTimeout: 240_000 });

const PROGRAM = path.join(import.meta.dirname, '../../dist/cli/main.js');

let folder: string;
let store: Store;
const programs: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ufm-e2e-'));
  store = openStore(path.join(folder, 'store'));
});

afterEach(async () => {
  const server = await serverPid();
  for (const { pid } of programs.splice(0))
    if (identify(pid!) !== null) process.kill(pid!, 'SIGKILL');
  if (server !== null && identify(server) !== null) process.kill(server, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it wrote, as JSON; null when that is none, as that of a process that was killed. */
  readonly document: {
    readonly state: string;
    readonly engine: string;
    readonly points: Readonly<Record<'total' | 'done' | 'failed' | 'cached', number>>;
  } | null;
  readonly messages: string;
}

/** `ufm-sweep run` of the saved study in a process of its own. */
function run(...options: string[]): { child: ChildProcess; outcome: Promise<Outcome> } {
  const child = spawn(
    process.execPath,
    [PROGRAM, 'run', 'study.yaml', '--store', store.url, '--json', ...options],
    {
      cwd: folder,
    },
  );
  programs.push(child);
  let output = '';
  let messages = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (messages += chunk.toString()));
  const outcome = once(child, 'close').then(([code, signal]): Outcome => {
    const document = output.trim() === '' ? null : (JSON.parse(output) as Outcome['document']);
    return {
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      document,
      messages,
    };
  });
  return { child, outcome };
}

const save = (text: string): Promise<void> => writeFile(path.join(folder, 'study.yaml'), text);

async function partsLanded(count: number): Promise<void> {
  while ((await store.list('parts')).length < count) await delay(20);
}

async function serverPid(): Promise<number | null> {
  const record = await readRecord(await serverFolder(store.url));
  return record === null ? null : pidOf(record.server);
}

/** Every point is there once, and nothing is left running. */
async function expectComplete(study: string, points: number, outcome: Outcome): Promise<void> {
  expect(outcome.messages).not.toMatch(/Error/);
  expect(outcome).toMatchObject({ code: 0, document: { state: 'done', engine: 'temporal' } });
  expect(outcome.document!.points).toMatchObject({ total: points, done: points, failed: 0 });
  expect(await verifyStudy(store, study)).toMatchObject({
    ok: true,
    points: { expected: points, present: points, duplicate: 0 },
  });
  expect(await serverPid()).toBeNull();
}

describe('a run on an embedded server', () => {
  it('ends with the parts of the local engine, and leaves no process behind', async () => {
    await save(LOCATING_STUDY);
    const first = await run().outcome;
    await expectComplete('locating', first.document!.points.total, first);
    const parts = await store.list('parts');
    await rm(path.join(store.url, 'parts'), { recursive: true });
    const second = await run('--engine', 'local').outcome;
    expect(second.document).toMatchObject({ engine: 'local', points: first.document!.points });
    expect(await store.list('parts')).toEqual(parts);
  });

  it('goes on after its process was killed, and its server, which nobody used, had ended by itself', async () => {
    await save(longStudy());
    const { child, outcome } = run();
    await partsLanded(2);
    const server = await serverPid();
    child.kill('SIGKILL');
    expect((await outcome).signal).toBe('SIGKILL');
    await expect.poll(() => identify(server!), { timeout: 30_000 }).toBeNull();
    await expectComplete('long', LONG_POINTS, await run().outcome);
    expect(identify(server!)).toBeNull();
  });

  it('goes on after everything was killed', async () => {
    await save(longStudy());
    const { child, outcome } = run();
    await partsLanded(2);
    process.kill((await serverPid())!, 'SIGKILL');
    child.kill('SIGKILL');
    await outcome;
    await expectComplete('long', LONG_POINTS, await run().outcome);
  });

  it('does not mind that its server is killed', async () => {
    await save(longStudy());
    const { outcome } = run();
    await partsLanded(2);
    process.kill((await serverPid())!, 'SIGKILL');
    await expectComplete('long', LONG_POINTS, await outcome);
  });

  it('stops in seconds when it is interrupted, keeps what has landed, and goes on from there', async () => {
    await save(longStudy());
    const { child, outcome } = run();
    await partsLanded(2);
    const server = await serverPid();
    const asked = performance.now();
    child.kill('SIGINT');
    const stopped = await outcome;
    expect(performance.now() - asked).toBeLessThan(15_000);
    expect(stopped).toMatchObject({ code: 1, document: { state: 'interrupted' } });
    expect(stopped.messages).toContain(
      `Go on with: ufm-sweep run study.yaml --store ${store.url} --json\n`,
    );
    expect(identify(server!)).toBeNull();
    expect((await store.list('parts')).length).toBeGreaterThanOrEqual(2);
    await expectComplete('long', LONG_POINTS, await run().outcome);
  });

  it('loses nothing when a solver of its cluster is killed', async () => {
    await save(longStudy());
    const { outcome } = run('--threads', '1');
    let address: string | null = null;
    while (address === null) {
      await delay(50);
      address = await runningServerAddress(await serverFolder(store.url));
    }
    const words = ['worker', '--role', 'solver', '--store', store.url, '--address', address];
    const helper = spawn(process.execPath, [PROGRAM, ...words]);
    programs.push(helper);
    await partsLanded(2);
    helper.kill('SIGKILL');
    await once(helper, 'exit');
    await expectComplete('long', LONG_POINTS, await outcome);
  });

  it('can be paused, resumed and cancelled from outside', async () => {
    await save(longStudy());
    const { outcome } = run();
    await partsLanded(1);
    const address = await runningServerAddress(await serverFolder(store.url));
    const client = await StudyClient.connect(openServer(address!));
    try {
      const specHash = (await verifyStudy(store, 'long')).specHash;
      const reference = await referenceTo(store, { study: 'long', specHash });
      await client.pause(reference);
      while ((await client.progress(reference)).shards.inFlight > 0) await delay(50);
      const paused = await client.progress(reference);
      expect(paused).toMatchObject({ paused: true, stage: 'solving' });
      await client.resume(reference);
      while ((await client.progress(reference)).shards.done <= paused.shards.done) await delay(20);
      await client.cancel(reference);
      expect(await outcome).toMatchObject({ document: { state: 'cancelled' } });
    } finally {
      await client.close();
    }
    await expectComplete('long', LONG_POINTS, await run().outcome);
  });
});
