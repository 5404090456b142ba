import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request, type ClientRequest } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findTemporalBinary } from '../../../infra/temporal-binary.js';
import {
  runningServerAddress,
  startEmbeddedServer,
} from '../../../workers/server/embedded-server.js';
import { identify, isRunning, OWN_IDENTITY, pidOf } from '../../../workers/server/processes.js';
import { readRecord } from '../../../workers/server/server-record.js';

const MODULE = new URL('../../../dist/workers/server/embedded-server.js', import.meta.url).href;

let binary: string;
let folder: string;
const started: number[] = [];

beforeEach(async () => {
  binary = (await findTemporalBinary())!;
  folder = await mkdtemp(path.join(tmpdir(), 'ufm-server-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const pid of started.splice(0)) if (identify(pid) !== null) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const RECORD = {
  guardian: '4194304 1 here',
  server: '4194304 1 here',
  address: '127.0.0.1:1',
  webInterface: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  users: [OWN_IDENTITY],
};

/** Where a process listens. */
function portsOf(pid: number): number[] {
  const words = ['-a', '-p', String(pid), '-i', 'TCP', '-s', 'TCP:LISTEN', '-P', '-n', '-F', 'n'];
  const lines = execFileSync('lsof', words, { encoding: 'utf8' }).split('\n');
  const ports = lines.filter((line) => line.startsWith('n')).map((line) => line.split(':').at(-1));
  return [...new Set(ports.map(Number))];
}

/** Null where no HTTP is spoken. */
function statusOf(
  port: number,
  method: string,
  target: string,
  host: string,
): Promise<number | null> {
  // prettier-ignore
  const headers = { Host: host, 'Content-Type': 'text/plain', Origin: 'http://evil.example' };
  return new Promise((resolve) => {
    request(
      { port, host: '127.0.0.1', method, path: target, headers, timeout: 5_000 },
      (response) => {
        // prettier-ignore
        response.resume();
        resolve(response.statusCode ?? null);
      },
    )
      .on('error', () => {
        resolve(null);
      })
      .on('timeout', function (this: ClientRequest) {
        this.destroy();
      })
      .end('{}');
  });
}

const start = async (extraArguments: readonly string[] = []) => {
  const server = await startEmbeddedServer({ folder, binary, extraArguments });
  started.push(server.pid);
  return server;
};

/** Another process that uses the server of the folder until its input ends. */
async function startElsewhere(): Promise<{ child: ChildProcess; pid: number; found: boolean }> {
  const program = `
    import { startEmbeddedServer } from ${JSON.stringify(MODULE)};
    const server = await startEmbeddedServer(${JSON.stringify({ folder, binary, extraArguments: [] })});
    console.log(JSON.stringify({ pid: server.pid, found: server.found }));
    process.stdin.on('end', () => server.stop()).resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const server = JSON.parse(line.toString()) as { pid: number; found: boolean };
  started.push(server.pid);
  return { child, ...server };
}

function groupOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }));
}

const isGone = (pid: number) => expect.poll(() => identify(pid), { timeout: 30_000 }).toBeNull();

async function answers(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: '1s' });
    await connection.close();
    return true;
  } catch {
    return false;
  }
}

describe('an embedded server', () => {
  it('answers once it has started, in a process group of its own, and is gone once it has stopped', async () => {
    const server = await start();
    expect(server.found).toBe(false);
    expect(await answers(server.address)).toBe(true);
    expect(groupOf(server.pid)).not.toBe(groupOf(process.pid));
    expect(existsSync(path.join(folder, 'temporal.db'))).toBe(true);
    await server.stop();
    expect(identify(server.pid)).toBeNull();
    expect(await answers(server.address)).toBe(false);
    expect(existsSync(path.join(folder, 'server.json'))).toBe(false);
  });

  it('ends by itself when the process that started it was killed', async () => {
    const { child, pid } = await startElsewhere();
    const { guardian } = (await readRecord(folder))!;
    child.kill('SIGKILL');
    await once(child, 'exit');
    await isGone(pid);
    await isGone(pidOf(guardian));
    expect(await readRecord(folder)).toBeNull();
  });

  it('is kept by who joined it before the process that started it was killed', async () => {
    const { child, pid } = await startElsewhere();
    const server = await start();
    expect(server).toMatchObject({ pid, found: true });
    child.kill('SIGKILL');
    await once(child, 'exit');
    // Its guardian looks twice a second.
    await delay(1_500);
    expect(await answers(server.address)).toBe(true);
    await server.stop();
    expect(identify(pid)).toBeNull();
  });

  it('is started again, guarded, when its guardian was killed', async () => {
    const server = await start();
    const { guardian } = (await readRecord(folder))!;
    const over = new AbortController();
    const supervising = server.supervise(over.signal, () => undefined);
    process.kill(pidOf(guardian), 'SIGKILL');
    await isGone(server.pid);
    await expect.poll(() => answers(server.address), { timeout: 30_000 }).toBe(true);
    over.abort();
    await supervising;
    const after = (await readRecord(folder))!;
    started.push(pidOf(after.server));
    expect(isRunning(after.guardian)).toBe(true);
    await server.stop();
    expect(isRunning(after.guardian)).toBe(false);
    expect(isRunning(after.server)).toBe(false);
  });

  it('is started again at the same address as often as it is killed', async () => {
    const server = await start();
    const over = new AbortController();
    const troubles: string[] = [];
    const supervising = server.supervise(over.signal, ({ message }) => troubles.push(message));
    for (let kills = 0, pid = server.pid; kills < 4; kills += 1) {
      process.kill(pid, 'SIGKILL');
      await isGone(pid);
      const isBack = async () => (await readRecord(folder))?.server.startsWith(`${pid} `) === false;
      await expect.poll(isBack, { timeout: 60_000 }).toBe(true);
      await expect.poll(() => answers(server.address), { timeout: 60_000 }).toBe(true);
      pid = pidOf((await readRecord(folder))!.server);
      started.push(pid);
    }
    over.abort();
    await supervising;
    expect(troubles).toEqual([]);
    await server.stop();
    expect(await answers(server.address)).toBe(false);
  }, 300_000);

  it('is started again once its address is free, which those who use it know', async () => {
    const server = await start();
    const { guardian } = (await readRecord(folder))!;
    process.kill(server.pid, 'SIGKILL');
    await isGone(server.pid);
    await isGone(pidOf(guardian));
    const other = createServer().listen(Number(server.address.split(':')[1]), '127.0.0.1');
    await once(other, 'listening');
    const over = new AbortController();
    const troubles: string[] = [];
    const supervising = server.supervise(over.signal, ({ message }) => troubles.push(message));
    await expect.poll(() => troubles.at(0), { timeout: 60_000 }).toContain(`another program has taken its address, ${server.address}`); // prettier-ignore
    other.close();
    await expect.poll(() => answers(server.address), { timeout: 60_000 }).toBe(true);
    over.abort();
    await supervising;
    await server.stop();
    expect(await answers(server.address)).toBe(false);
  }, 240_000);

  it('serves several processes, and stops with the last of them', async () => {
    const server = await start();
    const { child, pid, found } = await startElsewhere();
    expect({ pid, found }).toEqual({ pid: server.pid, found: true });
    await server.stop();
    expect(await answers(server.address)).toBe(true);
    child.stdin!.end();
    await once(child, 'exit');
    expect(identify(pid)).toBeNull();
  });

  it('is gone once it has stopped, although its folder was removed before', async () => {
    const server = await start();
    await rm(folder, { recursive: true });
    await server.stop();
    expect(identify(server.pid)).toBeNull();
  });

  it('is one server when two processes start it at once', async () => {
    const [first, second] = await Promise.all([startElsewhere(), startElsewhere()]);
    expect(first.pid).toBe(second.pid);
    expect([first.found, second.found].sort()).toEqual([false, true]);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    second.child.stdin!.end();
    await once(second.child, 'exit');
    expect(identify(first.pid)).toBeNull();
  });

  it('is started again when the recorded one is dead, with what was stored', async () => {
    const killed = await start();
    process.kill(killed.pid, 'SIGKILL');
    while (identify(killed.pid) !== null) await delay(10);
    const server = await start();
    expect(server.found).toBe(false);
    expect(server.pid).not.toBe(killed.pid);
    await server.stop();
  });

  it('leaves a process alone that a record names and that is not the server', async () => {
    const foreign = spawn('sleep', ['60']);
    await once(foreign, 'spawn');
    const identity = identify(foreign.pid!)!;
    for (const named of [identity, `${foreign.pid!} 1 here`]) {
      const record = { ...RECORD, guardian: named, server: named };
      await writeFile(path.join(folder, 'server.json'), JSON.stringify(record));
      const server = await start();
      expect(server.found).toBe(false);
      await writeFile(path.join(folder, 'server.json'), JSON.stringify(record));
      await server.stop();
    }
    expect(identify(foreign.pid!)).toBe(identity);
    foreign.kill();
    for (const pid of started) await isGone(pid);
  });

  it.each([
    ['[]'],
    ['null'],
    ['{'],
    ['{"server":"1 1 x"}'],
    [JSON.stringify({ ...RECORD, address: 'elsewhere.example:7233' })],
    [JSON.stringify({ ...RECORD, address: '127.0.0.1:7233@elsewhere.example' })],
    [JSON.stringify({ ...RECORD, webInterface: 'javascript:alert(1)' })],
    [JSON.stringify({ ...RECORD, users: 'x' })],
  ])(
    'believes no record such as %s, and leaves no server behind when its own becomes one',
    async (text) => {
      await writeFile(path.join(folder, 'server.json'), text);
      expect(await runningServerAddress(folder)).toBeNull();
      const server = await start();
      expect(server.found).toBe(false);
      await writeFile(path.join(folder, 'server.json'), text);
      await server.stop();
      expect(identify(server.pid)).toBeNull();
    },
  );

  it('ends by itself when its record is damaged and its process killed', async () => {
    const { child, pid } = await startElsewhere();
    await writeFile(path.join(folder, 'server.json'), '[]');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await isGone(pid);
  });

  it('refuses a folder in which others can write', async () => {
    await chmod(folder, 0o777);
    await expect(start()).rejects.toThrow(/others may write/);
  });

  it('keeps its files for its owner, and gets nothing of the environment but what it needs', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'planted-secret');
    vi.stubEnv('http_proxy', 'http://127.0.0.1:9');
    const before = process.umask(0);
    const server = await start().finally(() => process.umask(before));
    const { guardian } = (await readRecord(folder))!;
    for (const pid of [server.pid, pidOf(guardian)]) {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
      const names = environment.split('\0').map((entry) => entry.split('=')[0]);
      expect(names).toContain('PATH');
      expect(names).not.toContain('AWS_SECRET_ACCESS_KEY');
      expect(names).not.toContain('http_proxy');
    }
    const files = await readdir(folder);
    expect(files).toEqual(expect.arrayContaining(['server.json', 'server.log', 'temporal.db']));
    for (const file of files)
      expect([file, (await stat(path.join(folder, file))).mode & 0o077]).toEqual([file, 0]);
    await server.stop();
  });

  it('answers no web page: every HTTP interface refuses foreign hosts, or none is there', async () => {
    const server = await start();
    expect(server.webInterface).toBeNull();
    const log = await readFile(path.join(folder, 'server.log'), 'utf8');
    expect(log).not.toContain('Temporal UI');
    const ports = portsOf(server.pid);
    expect(ports.length).toBeGreaterThan(1);
    const path_ = '/api/v1/namespaces/default/workflows/planted';
    const hosts = ['127.0.0.1', 'localhost', 'evil.example'];
    const answered = await Promise.all(
      ports.flatMap((port) =>
        hosts.flatMap(
          (host) =>
          ['GET', 'POST'].map(async (method) => ({ port, host, method, status: await statusOf(port, method, path_, host) })), // prettier-ignore
        ),
      ),
    );
    expect(answered.filter(({ status }) => status !== null && status < 400)).toEqual([]);
    expect(answered.filter(({ status }) => status === 403)).toHaveLength(2 * hosts.length);
    await server.stop();
  });

  it('serves its web interface when it is asked to', async () => {
    const server = await startEmbeddedServer({ folder, binary, extraArguments: [], webInterface: true }); // prettier-ignore
    started.push(server.pid);
    const { status } = await fetch(server.webInterface!);
    expect(status).toBe(200);
    await server.stop();
  });

  it('says what the log says when it does not start', async () => {
    await expect(start(['--no-such-flag'])).rejects.toThrow(/does not start[\s\S]*no-such-flag/);
    expect(await readFile(path.join(folder, 'server.log'), 'utf8')).toContain('no-such-flag');
  });
});
