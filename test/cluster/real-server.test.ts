import { once } from 'node:events';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, chmod, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../results/open-store.js';
import type { Store } from '../../results/store.js';
import { verifyStudy } from '../../results/verify.js';
import { LONG_POINTS, longStudy } from '../activities/long-study.js';
import { projectFile, ufmSweep } from '../cli/command.js';
import { makeCertificates } from './certificates.js';
import { endProcess } from '../end-process.js';
import { PostgreSql, POSTGRESQL_PROGRAMS } from './postgresql.js';
import { HAS_TEMPORAL_SERVER, TemporalServer } from './temporal-server.js';

const isPossible = HAS_TEMPORAL_SERVER && POSTGRESQL_PROGRAMS !== null;
if (!isPossible) {
  console.log('The real Temporal server is not tested: it needs Go to build it, and PostgreSQL (Debian: apt install postgresql).'); // prettier-ignore
}

let machine: string;
let folder: string;
let store: Store;
let database: PostgreSql | null = null;
let server: TemporalServer | null = null;
let programs: ChildProcess[] = [];

describe.skipIf(!isPossible)('on a Temporal server with PostgreSQL and mutual TLS', () => {
  beforeAll(async () => {
    machine = await mkdtemp(path.join(tmpdir(), 'ufm-cluster-'));
    // PostgreSQL may be another user than this process.
    await chmod(machine, 0o755);
    database = await PostgreSql.start(machine);
    server = await TemporalServer.start(machine, database, await makeCertificates(machine));
  });
  afterAll(async () => {
    await server?.kill();
    await database?.kill();
    await rm(machine, { recursive: true, force: true });
  });

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ufm-cluster-study-'));
    store = openStore(path.join(folder, 'store'));
    await writeFile(path.join(folder, 'study.yaml'), longStudy());
  });
  afterEach(async () => {
    await Promise.all(programs.map((program) => endProcess(program)));
    programs = [];
    await rm(folder, { recursive: true, force: true });
  });

  it('solves a study by workers in processes of their own', async () => {
    startWorkers();
    await expectComplete(await run());
  });

  it('goes on after its database was killed in the middle', async () => {
    startWorkers();
    const running = run();
    await partsLanded(2);
    await database!.kill();
    await database!.startAgain();
    await expectComplete(await running);
  });

  it('goes on after the server was killed in the middle', async () => {
    startWorkers();
    const running = run();
    await partsLanded(2);
    await server!.kill();
    await server!.startAgain();
    await expectComplete(await running);
  });

  it('hands on the shards of a worker that is asked to go, which ends by itself within its grace period', async () => {
    const [, leaving] = startWorkers();
    const running = run();
    await partsLanded(2);
    const ended = once(leaving!, 'exit');
    const asked = performance.now();
    leaving!.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(performance.now() - asked).toBeLessThan(30_000);
    await expectComplete(await running);
  });

  it('lets in nobody without a certificate, and says what may be wrong', async () => {
    const { TEMPORAL_ADDRESS } = server!.environment;
    const stranger = await ufmSweep(['run', 'study.yaml', '--store', store.url], {
      cwd: folder,
      env: { TEMPORAL_ADDRESS: TEMPORAL_ADDRESS!, NO_COLOR: '1' },
    });
    expect(stranger.exitCode).toBe(1);
    expect(stranger.stderr).toMatch(/No Temporal server answers at .* are TLS and API key/);
  });
});

/** An orchestrator and two solvers. */
function startWorkers(): ChildProcess[] {
  return [['orchestrator'], ['solver', '--concurrency', '1'], ['solver', '--concurrency', '1']].map(
    (role) => start('worker', '--store', store.url, '--role', ...role),
  );
}

function start(...words: string[]): ChildProcess {
  const child = spawn(process.execPath, [projectFile('dist/cli/main.js'), ...words], {
    cwd: folder,
    env: { ...process.env, ...server!.environment },
    stdio: 'ignore',
  });
  programs.push(child);
  return child;
}

/** A client, which waits for the study: nothing of it is solved in its process. */
function run(): ReturnType<typeof ufmSweep> {
  return ufmSweep(['run', 'study.yaml', '--store', store.url, '--json'], {
    cwd: folder,
    env: { ...server!.environment, NO_COLOR: '1' },
  });
}

async function partsLanded(count: number): Promise<void> {
  const landed = async (): Promise<number> => (await store.list('parts')).length;
  await expect.poll(landed, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(count);
}

async function expectComplete({
  exitCode,
  stdout,
  stderr,
}: Awaited<ReturnType<typeof ufmSweep>>): Promise<void> {
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ state: 'done', points: { done: LONG_POINTS } });
  expect(await verifyStudy(store, 'long')).toMatchObject({
    ok: true,
    points: { expected: LONG_POINTS, present: LONG_POINTS, duplicate: 0 },
  });
}
