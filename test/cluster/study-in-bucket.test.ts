import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore } from '../../results/open-store.js';
import { MARKER_PATH } from '../../results/store-identity.js';
import type { Store } from '../../results/store.js';
import { serverFolder } from '../../workers/server/state-folder.js';
import { identify } from '../../workers/server/processes.js';
import { LONG_POINTS, longStudy } from '../activities/long-study.js';
import { LOCATING_STUDY } from '../activities/small-study.js';
import { projectFile, temporaryFolder, ufmSweep, type Ending } from '../cli/command.js';
import { endProcess } from '../end-process.js';
import { BUCKET, HAS_VERSITYGW, startObjectServer, type ObjectServer } from './versitygw.js';

let server: ObjectServer;
let store: Store;
let folder: string;
let stores = 0;
let running: ChildProcess | null = null;

const save = (text: string): Promise<void> => writeFile(path.join(folder, 'study.yaml'), text);

/** A command, to its end, on the bucket unless the arguments say otherwise. */
function command(...commandArguments: string[]): Promise<Ending> {
  const where = commandArguments.includes('--store') ? [] : ['--store', store.url];
  return ufmSweep([...commandArguments, ...where], { cwd: folder });
}

async function json<T>(...commandArguments: string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await command(...commandArguments, '--json');
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout) as T;
}

/** `ufm-sweep run` on the bucket until two parts have landed; then everything of it is killed. */
async function runHalfway(engine: string): Promise<void> {
  const options = ['--store', store.url, '--engine', engine, '--threads', '1', '--json'];
  const child = spawn(process.execPath, [projectFile('dist/cli/main.js'), 'run', 'study.yaml', ...options], { cwd: folder, stdio: 'ignore' }); // prettier-ignore
  running = child;
  while ((await store.list('parts')).length < 2) await delay(20);
  await killAll();
}

async function killAll(): Promise<void> {
  const embedded = await embeddedServer();
  if (embedded !== null) process.kill(embedded, 'SIGKILL');
  await endProcess(running);
  running = null;
}

/** Process of the embedded Temporal server, by its record on this machine; null when it does not run. */
async function embeddedServer(): Promise<number | null> {
  const file = path.join(await serverFolder(store.url), 'server.json');
  const record = await readFile(file, 'utf8').catch(() => null);
  if (record === null) return null;
  const pid = Number.parseInt((JSON.parse(record) as { server: string }).server, 10);
  return identify(pid) === null ? null : pid;
}

const COLUMNS = 'grid, coordinates, point_key, status, objective, lower_bound, collapsed';
const ROWS = `SELECT ${COLUMNS} FROM results ORDER BY point_key`;

describe.skipIf(!HAS_VERSITYGW)('a study in a bucket', () => {
  beforeAll(async () => {
    server = await startObjectServer();
    for (const [name, value] of Object.entries(server.environment)) vi.stubEnv(name, value);
  });

  beforeEach(async () => {
    store = openStore(`s3://${BUCKET}/store-${stores++}`);
    folder = await temporaryFolder();
  });

  afterEach(killAll);

  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.stop();
  });

  it('is the one that a folder has, by every command that reads it', async () => {
    await save(LOCATING_STUDY);
    const run = ['run', 'study.yaml', '--engine', 'local'];
    const inFolder = ['--store', path.join(folder, 'store')];
    const { points } = await json<{ points: { total: number } }>(...run);
    expect(await json(...run, ...inFolder)).toMatchObject({ points });
    expect(await store.list('parts')).toEqual(await openStore(inFolder[1]!).list('parts'));

    expect(await json('query', 'locating', ROWS)).toEqual(
      await json('query', 'locating', ROWS, ...inFolder),
    );
    expect(await json('verify', 'locating')).toMatchObject({
      ok: true,
      points: { expected: points.total, present: points.total, duplicate: 0 },
    });
    expect(await json('status', 'locating')).toMatchObject({ state: 'done' });
    expect(await json('plan', 'study.yaml')).toMatchObject({ points: { new: 0 } });
    expect(await json('export', 'locating')).toMatchObject({ rows: points.total, partial: false });
    for (const [format, files] of [
      ['arrow', ['out.arrow']],
      ['csv', ['out.csv', 'out.csv.json']],
    ] as const) {
      const target = `s3://${BUCKET}/exports/${format}/${files[0]}`;
      await json('export', 'locating', '--format', format, '--out', target);
      const exported = path.join(server.folder, BUCKET, 'exports', format);
      expect((await readdir(exported)).sort()).toEqual(files);
      await json('export', 'locating', '--format', format, '--out', path.join(folder, files[0]));
      for (const file of files) {
        expect(await readFile(path.join(exported, file))).toEqual(await readFile(path.join(folder, file))); // prettier-ignore
      }
    }
    const { report } = await json<{ report: string }>('report', 'locating');
    expect(await readFile(report, 'utf8')).toMatch(/^<!doctype html>/i);
  });

  it.each(['local', 'temporal'])(
    'goes on where it was after everything of it was killed (%s engine)',
    async (engine) => {
      await save(longStudy());
      await runHalfway(engine);
      const landed = (await store.list('parts')).length;
      expect(landed).toBeLessThan(48);
      const run = await json<{ engine: string; points: Record<string, number> }>('run', 'study.yaml', '--engine', engine); // prettier-ignore
      expect(run).toMatchObject({ engine, points: { total: LONG_POINTS, failed: 0 } });
      expect(await json('verify', 'long')).toMatchObject({
        ok: true,
        points: { expected: LONG_POINTS, present: LONG_POINTS, duplicate: 0 },
      });
      expect(await embeddedServer()).toBeNull();
      const inBucket = await readdir(path.join(server.folder, store.url.slice('s3://'.length)));
      expect(inBucket.sort()).toEqual(['catalog', 'parts', 'studies', MARKER_PATH]);
    },
  );

  it('waits for a service that goes away and comes back', async () => {
    await save(longStudy(16));
    const run = json('run', 'study.yaml', '--engine', 'temporal', '--threads', '1');
    while ((await store.list('parts')).length < 2) await delay(20);
    await server.goAwayFor(5_000);
    expect(await run).toMatchObject({ state: 'done', points: { done: 48 * 16, failed: 0 } });
    expect(await json('verify', 'long')).toMatchObject({ ok: true, points: { duplicate: 0 } });
  });

  it('is set aside and solved again where its bytes were changed in the bucket', async () => {
    await save(LOCATING_STUDY);
    await json('run', 'study.yaml', '--engine', 'local');
    const [part] = await store.list('parts');
    const file = path.join(server.folder, store.url.slice('s3://'.length), part!);
    const bytes = await readFile(file);
    bytes[100]! ^= 1;
    await writeFile(file, bytes);
    // There is a good copy on this machine, but the question is what is in the bucket.
    const { exitCode, stdout } = await command('verify', 'locating');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(new RegExp(`${part!}: the bytes do not match their SHA-256`));
    await json('retry', 'locating', '--engine', 'local');
    expect(await json('verify', 'locating')).toMatchObject({ ok: true });
    expect(await store.list('quarantine')).toHaveLength(1);
  });

  it.each([
    ['there is no such bucket', ['--store', 's3://nobodys/store'], {}],
    ['the secret key does not belong to the access key', [], { AWS_SECRET_ACCESS_KEY: 'guessed' }],
    ['the access key is not known there', [], { AWS_ACCESS_KEY_ID: 'nobody' }],
  ])('says when %s, in a line, and exits 1', async (reason, store, wrong) => {
    await save(LOCATING_STUDY);
    for (const [name, value] of Object.entries(wrong)) vi.stubEnv(name, value);
    for (const name of ['run', 'plan']) {
      const { exitCode, stdout, stderr } = await command(name, 'study.yaml', ...store);
      expect(exitCode).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toMatch(new RegExp(`^ufm-sweep: s3://\\S+: ${reason}.*$`));
    }
    for (const name of Object.keys(wrong)) vi.stubEnv(name, server.environment[name]);
  });
});
