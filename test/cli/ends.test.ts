import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../results/open-store.js';
import { isRunning } from '../../workers/server/processes.js';
import { readRecord, type ServerRecord } from '../../workers/server/server-record.js';
import { serverFolder } from '../../workers/server/state-folder.js';
import { longStudy } from '../activities/long-study.js';
import { endProcess } from '../end-process.js';
import { projectFile, temporaryFolder } from './command.js';

const SOON = { timeout: 60_000, interval: 50 };
const MAIN = projectFile('dist/cli/main.js');
const ENVIRONMENT = { ...process.env, TEMPORAL_ADDRESS: '', NO_COLOR: '1' };

interface LongRun {
  readonly child: ChildProcess;
  readonly record: ServerRecord;
  readonly said: () => string;
  readonly parts: () => Promise<string[]>;
  /** Ends of the process and of its embedded server. */
  ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** A study that does not end by itself for a while, with its embedded server, once some of it has landed. */
async function longRun(): Promise<LongRun> {
  const cwd = await temporaryFolder();
  await writeFile(path.join(cwd, 'study.yaml'), longStudy());
  const words = [MAIN, 'run', 'study.yaml', '--store', 'store', '--threads', '1'];
  const child = spawn(process.execPath, words, { cwd, env: ENVIRONMENT });
  onTestFinished(() => endProcess(child));
  let said = '';
  child.stdout.resume();
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exit = once(child, 'exit');
  const store = openStore(path.join(cwd, 'store'));
  const parts = (): Promise<string[]> => store.list('parts');
  await expect.poll(async () => (await parts()).length, SOON).toBeGreaterThan(0);
  const record = (await readRecord(await serverFolder(store.url)))!;
  return {
    child,
    record,
    said: () => said,
    parts,
    async ended() {
      const [code, signal] = (await exit) as [number | null, NodeJS.Signals | null];
      await expect.poll(() => isRunning(record.server), SOON).toBe(false);
      await expect.poll(() => isRunning(record.guardian), SOON).toBe(false);
      return { code, signal };
    },
  };
}

/** What a shell does, and what comes of it. */
async function shell(script: string): Promise<{ code: number | null; said: string }> {
  const cwd = await temporaryFolder();
  const child = spawn('bash', ['-c', script, 'bash', process.execPath, MAIN], { cwd, env: ENVIRONMENT }); // prettier-ignore
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

describe('a run that is ended', () => {
  it('by SIGHUP drains, says how to go on, and leaves no server', async () => {
    const run = await longRun();
    run.child.kill('SIGHUP');
    expect(await run.ended()).toEqual({ code: 1, signal: null });
    expect(run.said()).toContain('Go on with: ufm-sweep run study.yaml');
  }, 120_000);

  it('by a second Ctrl-C leaves what has landed, and no server', async () => {
    const run = await longRun();
    const landed = (await run.parts()).length;
    run.child.kill('SIGINT');
    await expect.poll(run.said, SOON).toContain('Stopping');
    const again = setInterval(() => run.child.kill('SIGINT'), 1_100);
    const { code, signal } = await run.ended();
    clearInterval(again);
    // It may have drained before the second one came.
    expect(signal ?? code).toBe(signal === null ? 1 : 'SIGINT');
    expect((await run.parts()).length).toBeGreaterThanOrEqual(landed);
  }, 120_000);

  it('by kill -9 leaves no server', async () => {
    const run = await longRun();
    run.child.kill('SIGKILL');
    expect(await run.ended()).toEqual({ code: null, signal: 'SIGKILL' });
  }, 120_000);

  it('by SIGTERM, with a reader that closed its pipes, drains, and leaves no server', async () => {
    const run = await longRun();
    run.child.stdout!.destroy();
    run.child.stderr!.destroy();
    // What it says next nobody hears.
    run.child.kill('SIGTERM');
    expect(await run.ended()).toEqual({ code: 1, signal: null });
  }, 120_000);
});

describe('a command that cannot go on', () => {
  it('says in a line that its output is lost where the disk is full, and fails', async () => {
    const { code, said } = await shell('"$1" "$2" schema > /dev/full');
    expect(said).toMatch(/^ufm-sweep: stdout cannot be written: ENOSPC[^\n]*\n$/);
    expect(code).toBe(1);
  });

  it('says in a line that too many files are open, wherever that strikes', async () => {
    const limits = [21, 24, 32, 40, 50, 60];
    const endings = await Promise.all(
      limits.map((files) => shell(`ulimit -n ${files}; "$1" "$2" query none`)),
    );
    for (const { code, said } of endings) {
      expect(said).toMatch(/^ufm-sweep: [^\n]+\n$/);
      expect(code).toBe(1);
    }
    // Where it strikes Node while it looks for a package, Node says that the package is not there.
    const plain = endings.filter(({ said }) =>
      /too many files are open .*ulimit -n 1024/.test(said),
    );
    expect(plain.length).toBeGreaterThanOrEqual(limits.length - 2);
  });

  it('ends although a file system does not answer, for which Node would wait', async () => {
    // A pipe that nobody writes to opens as late as a file on a server that is away.
    const { code, said } = await shell(`mkfifo pipe; exec "$1" --input-type=module -e '
      import { open } from "node:fs/promises";
      import { endSoon } from "${projectFile('dist/cli/ends.js')}";
      void open("pipe");
      console.log("done");
      endSoon();'`);
    expect({ code, said }).toEqual({ code: null, said: 'done\n' });
  });

  it('ends quietly when who reads has enough', async () => {
    expect(await shell('set -o pipefail; "$1" "$2" schema | head -1')).toEqual({ code: 0, said: '{\n' }); // prettier-ignore
  });
});

describe('nohup', () => {
  it('is respected: the hangup of a terminal does not end a run', async () => {
    const script = `
      nohup "$1" --input-type=module -e '
        const { stopRequest } = await import("${projectFile('dist/cli/stop-request.js')}");
        const stop = stopRequest(() => undefined);
        process.kill(process.pid, "SIGHUP");
        setTimeout(() => { console.log("stopped", stop.aborted); process.exit(); }, 300)'`;
    expect((await shell(script)).said).toContain('stopped false');
    expect((await shell(script.replace('nohup', '_= '))).said).toContain('stopped true');
  });
});

describe('a limited address space', () => {
  it.each([16, 6, 4])('of %d GB is enough to solve', async (gigabytes) => {
    const line = '{"clusters": [[5, 500], [5, 100]], "lambda": 0.003}';
    const { code, said } = await shell(`ulimit -v ${gigabytes}000000; echo '${line}' | "$1" "$2" solve`); // prettier-ignore
    expect(JSON.parse(said)).toMatchObject({ status: 'certified' });
    expect(code).toBe(0);
  });

  it.each([16, 6])(
    'of %d GB is enough for a study',
    async (gigabytes) => {
      const { code, said } = await shell(
        `ulimit -v ${gigabytes}000000; "$1" "$2" init > /dev/null; "$1" "$2" run study.yaml --device loops --threads 2`,
      );
      expect(said).toMatch(/Report: /);
      expect(said.includes('Running without a Temporal server')).toBe(gigabytes < 12);
      expect(code).toBe(0);
    },
    120_000,
  );
});
