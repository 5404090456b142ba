import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTemporalBinary } from '../../../infra/temporal-binary.js';
import { startEmbeddedServer } from '../../../workers/server/embedded-server.js';
import { identify } from '../../../workers/server/processes.js';

const MODULE = new URL('../../../dist/workers/server/embedded-server.js', import.meta.url).href;

let binary: string;
let folder: string;
const started: number[] = [];

beforeEach(async () => {
  binary = (await findTemporalBinary())!;
  folder = await mkdtemp(path.join(tmpdir(), 'ufm-server-'));
});

afterEach(async () => {
  for (const pid of started.splice(0)) if (identify(pid) !== null) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

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
    const group = execFileSync('ps', ['-o', 'pgid=', '-p', String(server.pid)], {
      encoding: 'utf8',
    });
    expect(Number(group)).toBe(server.pid);
    expect(existsSync(path.join(folder, 'temporal.db'))).toBe(true);
    await server.stop();
    expect(identify(server.pid)).toBeNull();
    expect(await answers(server.address)).toBe(false);
    expect(existsSync(path.join(folder, 'server.json'))).toBe(false);
  });

  it('is taken over when the process that started it was killed', async () => {
    const { child, pid } = await startElsewhere();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(identify(pid)).not.toBeNull();
    const server = await start();
    expect(server).toMatchObject({ pid, found: true });
    await server.stop();
    expect(identify(pid)).toBeNull();
  });

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

  it('does not touch a process that has the recorded id but is not the server', async () => {
    const foreign = spawn('sleep', ['60']);
    await once(foreign, 'spawn');
    started.push(foreign.pid!);
    const record = {
      server: `${foreign.pid!} 1`,
      address: '127.0.0.1:1',
      webInterface: 'http://127.0.0.1:2',
      startedAt: '2026-01-01T00:00:00.000Z',
      users: [],
    };
    await writeFile(path.join(folder, 'server.json'), JSON.stringify(record));
    const server = await start();
    expect(server.found).toBe(false);
    await server.stop();
    expect(identify(foreign.pid!)).not.toBeNull();
  });

  it('says what the log says when it does not start', async () => {
    await expect(start(['--no-such-flag'])).rejects.toThrow(/does not start[\s\S]*no-such-flag/);
    expect(await readFile(path.join(folder, 'server.log'), 'utf8')).toContain('no-such-flag');
  });
});
