import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ContenderRun } from './contender-run.js';
import type { Contender } from './contenders.js';

/** What became of the trials of a run that was killed at half and resumed. */
export interface Survival {
  readonly contender: string;
  readonly trials: number;
  readonly milliseconds: number;
  /** Trials that had started when the driver was killed. */
  readonly startedBefore: number;
  /** Trials that ran more than once. */
  readonly recomputed: number;
  /** Trials without a result after the resumption. */
  readonly lost: number;
  /** Trials with more than one result. */
  readonly duplicated: number;
  /** Wall clock of the resumption, start of processes included. */
  readonly resumeSeconds: number;
}

const LOOK_EVERY_MS = 5;

/**
 * Kills the process group of a contender when half of its trials have started, resumes it and counts.
 *
 * @throws Error when it ends before half, or takes longer than so many seconds
 */
export async function killAtHalf(
  contender: Contender,
  trials: number,
  milliseconds: number,
  withinSeconds: number,
  signal: AbortSignal,
): Promise<Survival> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-peers-'));
  try {
    const log = path.join(folder, 'trials.log');
    const request = { trials, milliseconds, folder, log };
    const startedBefore = await killWhen(contender, request, trials / 2, withinSeconds, signal);
    const resumed = performance.now();
    const run = new ContenderRun(contender, { ...request, resume: true }, signal);
    const answer = await run.answer(withinSeconds);
    if (answer === null) throw new Error(`the resumed run takes longer than ${withinSeconds} s`);
    return {
      contender: contender.name,
      trials,
      milliseconds,
      startedBefore,
      resumeSeconds: (performance.now() - resumed) / 1000,
      ...tally(trials, await linesOf(log), answer.results!.map(String)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Counts trials by the identifiers of those that ran and of those that have a result, both with repetitions. */
export function tally(
  trials: number,
  ran: readonly string[],
  results: readonly string[],
): Pick<Survival, 'recomputed' | 'lost' | 'duplicated'> {
  return {
    recomputed: repeated(ran),
    lost: trials - new Set(results).size,
    duplicated: repeated(results),
  };
}

function repeated(identifiers: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const identifier of identifiers) counts.set(identifier, (counts.get(identifier) ?? 0) + 1);
  return [...counts.values()].filter((count) => count > 1).length;
}

/** Returns how many trials had started when the contender was dead. */
async function killWhen(
  contender: Contender,
  request: ConstructorParameters<typeof ContenderRun>[1] & { readonly log: string },
  started: number,
  withinSeconds: number,
  signal: AbortSignal,
): Promise<number> {
  const run = new ContenderRun(contender, request, signal);
  const deadline = performance.now() + withinSeconds * 1000;
  try {
    while ((await linesOf(request.log)).length < started) {
      if (!run.running) throw new Error('it ended before half of its trials had started');
      if (performance.now() > deadline)
        throw new Error(`half takes longer than ${withinSeconds} s`);
      await delay(LOOK_EVERY_MS);
    }
  } finally {
    await run.kill();
  }
  return new Set(await linesOf(request.log)).size;
}

async function linesOf(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}
