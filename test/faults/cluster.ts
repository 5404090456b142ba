import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import getPort from 'get-port';
import { vi } from 'vitest';
import { provideTemporalBinary } from '../../infra/temporal-binary.js';
import { openStore } from '../../results/open-store.js';
import type { Store } from '../../results/store.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/names.js';
import { EXIT } from '../../cli/exit-codes.js';
import { changedBuild, type ChangedBuild, type Difference } from '../changed-build.js';
import { projectFile } from '../cli/command.js';
import { endProcess, runs } from '../end-process.js';
import { PATIENCE_MS } from './fault.js';
import { BESIDE, STUDY_NAME, studyOf } from './study.js';

const LOOK_EVERY_MS = 200;

/** What Node is to run for the program of today. */
const TODAY = projectFile('dist/cli/main.js');

/** The processes of a small cluster. */
export const MEMBERS = ['server', 'orchestrator', 'solver-1', 'solver-2', 'client'] as const;

export type Member = (typeof MEMBERS)[number];

/** Those that do the work. */
export const WORKERS = ['orchestrator', 'solver-1', 'solver-2'] as const;

/** Those that see the stores, each by a mount of its own. */
export const MOUNTING = [...WORKERS, 'client'] as const;

/** A study on a cluster of real processes, each of which can be killed, stopped and started again. */
export class Cluster {
  readonly folder: string;
  /** Folder of the store of the study under way, which no member knows by this name. */
  storeFolder = '';
  readonly #binary: string;
  readonly #port: number;
  readonly #running = new Map<Member, ChildProcess>();
  #clientClosed: Promise<unknown> = Promise.resolve();
  #stdout = '';
  #hasEnded = false;
  #program = TODAY;
  readonly #builds = new Map<Difference, ChangedBuild>();

  private constructor(folder: string, binary: string, port: number) {
    this.folder = folder;
    this.#binary = binary;
    this.#port = port;
  }

  /** Starts all members but the client. */
  static async start(): Promise<Cluster> {
    const binary = await provideTemporalBinary(() => undefined, false);
    if (binary === null) throw new Error('there is no Temporal server to test against');
    const folder = await mkdtemp(path.join(tmpdir(), 'ufm-faults-'));
    await writeFile(path.join(folder, 'study.yaml'), studyOf(STUDY_NAME));
    await writeFile(path.join(folder, BESIDE), studyOf('beside'));
    const cluster = new Cluster(folder, binary, await getPort({ host: '127.0.0.1' }));
    for (const name of ['stores', 'mounts']) await mkdir(path.join(folder, name));
    for (const member of MOUNTING) await cluster.mount(member);
    await cluster.startAll();
    return cluster;
  }

  /** Has a client run the study in a store. */
  async run(storeFolder: string): Promise<void> {
    this.storeFolder = storeFolder;
    await this.start('client');
  }

  /** Goes over to a program that differs from today's, before a client runs. */
  async begin(difference: Difference): Promise<void> {
    if (!this.#builds.has(difference)) this.#builds.set(difference, await changedBuild(difference));
    this.#program = this.#builds.get(difference)!.program;
    await this.kill(...WORKERS);
    await this.startAll();
  }

  get isOfToday(): boolean {
    return this.#program === TODAY;
  }

  /** Ends members as an upgrade does, one after the other, and starts each by the program of today. */
  async upgrade(members: readonly Member[]): Promise<void> {
    this.#program = TODAY;
    for (const member of members) {
      await endProcess(this.#running.get(member), 'SIGTERM');
      await this.start(member);
    }
  }

  /** An empty folder for a store, where every member sees it. */
  async newStore(name: string): Promise<string> {
    const folder = path.join(this.folder, 'stores', name);
    await mkdir(folder);
    return folder;
  }

  /** Gives a member its mount of the stores, as far as a link is one. */
  mount(member: Member): Promise<void> {
    return symlink('../stores', this.#mountOf(member));
  }

  /** Takes it away: for this member there are no stores any more. */
  unmount(member: Member): Promise<void> {
    return unlink(this.#mountOf(member));
  }

  /** The store of the study under way as a member sees it. */
  storeOf(member: Member): string {
    return path.join(this.#mountOf(member), path.basename(this.storeFolder));
  }

  #mountOf(member: Member): string {
    return path.join(this.folder, 'mounts', member);
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get store(): Store {
    return openStore(this.storeFolder);
  }

  /** Starts whoever of the cluster does not run, as its supervisor would; the client has none. */
  async startAll(): Promise<void> {
    for (const member of MEMBERS) if (member !== 'client') await this.start(member);
  }

  /** Starts a member, or leaves it when it runs. */
  async start(member: Member): Promise<void> {
    if (this.#hasEnded || this.runs(member)) return;
    const log = await open(path.join(this.folder, `${member}.log`), 'a');
    const [program, words] = this.#commandOf(member);
    const child = spawn(program, words, {
      cwd: this.folder,
      env: { ...process.env, TEMPORAL_ADDRESS: this.address, NO_COLOR: '1' },
      stdio: ['ignore', member === 'client' ? 'pipe' : log.fd, log.fd],
    });
    await log.close();
    if (member === 'client') {
      this.#stdout = '';
      this.#clientClosed = once(child, 'close');
      child.stdout!.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()));
    }
    this.#running.set(member, child);
    // The others give up when they start without one.
    if (member === 'server') await vi.waitFor(() => this.#answers(), PATIENCE_MS);
  }

  runs(member: Member): boolean {
    return runs(this.#running.get(member));
  }

  signal(member: Member, signal: NodeJS.Signals): void {
    this.#running.get(member)?.kill(signal);
  }

  /** kill -9, and waits until it is gone. */
  async kill(...members: readonly Member[]): Promise<void> {
    await Promise.all(members.map((member) => endProcess(this.#running.get(member))));
  }

  /** The process id of a member that was started. */
  pid(member: Member): number {
    return this.#running.get(member)!.pid!;
  }

  /**
   * Waits for the client, which waits for the study. Members that end meanwhile are started again, and so is a client that
   * was started while the server was away: it has said so, and did nothing.
   *
   * @returns the exit code of the client, and the document that it printed
   */
  async ending(): Promise<{ readonly code: number | null; readonly stdout: string }> {
    for (;;) {
      while (this.runs('client')) {
        await this.startAll();
        await Promise.race([this.#clientClosed, delay(LOOK_EVERY_MS)]);
      }
      await this.#clientClosed;
      if (!(await this.#clientFoundNoServer())) break;
      await this.start('client');
    }
    return { code: this.#running.get('client')!.exitCode, stdout: this.#stdout };
  }

  async #clientFoundNoServer(): Promise<boolean> {
    if (this.#running.get('client')!.exitCode !== EXIT.failed) return false;
    const log = await readFile(path.join(this.folder, 'client.log'), 'utf8');
    return log.trim().split('\n').at(-1)!.includes('No Temporal server answers');
  }

  /** Kills what runs, for good. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    await this.kill(...MEMBERS);
  }

  /** Kills what runs, and removes all of it. */
  async remove(): Promise<void> {
    await this.end();
    for (const build of this.#builds.values()) await build.remove();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #answers(): Promise<void> {
    await (await Connection.connect({ address: this.address, connectTimeout: '1s' })).close();
  }

  #commandOf(member: Member): [program: string, words: string[]] {
    const sweep = (...words: string[]): [string, string[]] => [
      process.execPath,
      [this.#program, ...words],
    ];
    // Every store there is, as it comes.
    const stores = path.join(this.#mountOf(member), '*');
    switch (member) {
      case 'server':
        return [
          this.#binary,
          [
            ...[
              'server',
              'start-dev',
              '--headless',
              '--ip',
              '127.0.0.1',
              '--port',
              String(this.#port),
            ],
            ...['--db-filename', path.join(this.folder, 'temporal.db'), '--log-level', 'error'],
            ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
            ...SEARCH_ATTRIBUTES.flatMap(({ name, type }) => [
              '--search-attribute',
              `${name}=${type}`,
            ]),
          ],
        ];
      case 'orchestrator':
        return sweep('worker', '--role', 'orchestrator', '--store', stores);
      case 'solver-1':
      case 'solver-2':
        return sweep('worker', '--role', 'solver', '--concurrency', '1', '--store', stores);
      case 'client':
        return sweep('run', 'study.yaml', '--store', this.storeOf('client'), '--threads', '0', '--window', '8', '--json'); // prettier-ignore
    }
  }
}
