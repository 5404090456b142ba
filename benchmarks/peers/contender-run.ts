import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Contender } from './contenders.js';
import { endProcessesOf, MARK } from './process-mark.js';

/** What a contender is asked for; see `scripts/common.py`. */
export interface Request {
  readonly trials: number;
  /** That a trial waits. */
  readonly milliseconds: number;
  /** For all that the contender writes. */
  readonly folder: string;
  readonly log?: string;
  readonly resume?: boolean;
}

export interface Answer {
  /** Wall clock from the first trial handed in to the last result at hand; without the start of processes. */
  readonly seconds: number;
  /** Results at hand. */
  readonly finished: number;
  /** The trial of every result, where a log was wanted. */
  readonly results?: readonly (string | number)[];
}

/** Trials that run at the same time, in processes, threads or lanes, where the contender can. */
export const WORKERS = 2;

const LAST_WORDS = 2000;

/** A contender at work, as the leader of a process group, until it ends or the signal is given. */
export class ContenderRun {
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  #lastWords = '';

  /** @throws the signal's reason when it has been given */
  constructor({ command }: Contender, request: Request, signal: AbortSignal) {
    signal.throwIfAborted();
    this.#folder = request.folder;
    // What an earlier run has answered is not this one's answer.
    rmSync(this.#answerFile, { force: true });
    const [program, ...rest] = [...command, ...commandLine(request)];
    this.#child = spawn(program!, rest, {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, [MARK]: request.folder, RAY_USAGE_STATS_ENABLED: '0' },
    });
    this.#exit = once(this.#child, 'exit');
    const stop = (): void => void this.kill();
    signal.addEventListener('abort', stop);
    this.#child.once('exit', () => {
      signal.removeEventListener('abort', stop);
    });
    // Its end is told by `answer`, also when it never started.
    this.#exit.catch((error: unknown) => (this.#lastWords = String(error)));
    this.#child.stderr!.on('data', (text: Buffer) => {
      this.#lastWords = (this.#lastWords + text.toString()).slice(-LAST_WORDS);
    });
  }

  get #answerFile(): string {
    return path.join(this.#folder, 'answer.json');
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Sends SIGKILL to the process group, and to nothing else that the contender may have started. */
  async kill(): Promise<void> {
    if (!this.running) return;
    process.kill(-this.#child.pid!, 'SIGKILL');
    await this.#exit;
  }

  /**
   * Waits for its end. Afterwards none of its processes runs.
   *
   * @returns null when it took longer than so many seconds, start included, and was killed
   * @throws Error with its last words when it ended without an answer
   */
  async answer(withinSeconds: number): Promise<Answer | null> {
    const timer = new AbortController();
    const late = delay(withinSeconds * 1000, 'late', { signal: timer.signal });
    late.catch(() => undefined);
    try {
      if ((await Promise.race([this.#exit, late])) === 'late') return null;
    } finally {
      timer.abort();
      await this.kill();
      await endProcessesOf(this.#folder);
    }
    if (!existsSync(this.#answerFile)) {
      throw new Error(`it ended without an answer: ${lastLine(this.#lastWords)}`);
    }
    return JSON.parse(readFileSync(this.#answerFile, 'utf8')) as Answer;
  }
}

function commandLine({ trials, milliseconds, folder, log, resume }: Request): string[] {
  return [
    ...['--trials', String(trials), '--milliseconds', String(milliseconds)],
    ...['--workers', String(WORKERS), '--folder', folder],
    ...(log === undefined ? [] : ['--log', log]),
    ...(resume === true ? ['--resume'] : []),
  ];
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!;
}
