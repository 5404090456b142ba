import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ContenderRun, type Answer } from './contender-run.js';
import type { Contender } from './contenders.js';

/** The largest number of trials that was finished within the limit. */
export interface LargestNumber {
  readonly contender: string;
  readonly milliseconds: number;
  readonly limitSeconds: number;
  readonly trials: number;
  readonly seconds: number;
  /** More than `trials` where some have run twice. */
  readonly finished: number;
  /** The least number that was tried and took longer, or failed; null when none did. */
  readonly tooMany: number | null;
  /** What it said when it failed; null when it did not, and was only too slow. */
  readonly failure: string | null;
}

/** One run that was measured. */
export interface Measured {
  readonly trials: number;
  readonly seconds: number;
}

const FEWEST_TRIALS = 20;
/** Processes are given so long to start and end before they are taken to hang. */
const SPARE_SECONDS = 45;
/** What is aimed at, as a part of the limit: some contenders slow down with numbers. */
const AIM = 0.8;
/** No step is larger: what is small says little of what is large. */
const LARGEST_STEP = 16;
const MOST_MISSES = 2;

/**
 * Looks for the largest number of trials that a contender finishes within a limit: from few on, at least doubling, as far as the
 * last two runs let one extrapolate, until twice as many would take too long; after a run that did, between it and
 * the largest that did not.
 *
 * @throws Error when the contender does not finish the fewest
 * @throws the signal's reason when it is given
 */
export async function largestNumber(
  contender: Contender,
  milliseconds: number,
  limitSeconds: number,
  signal: AbortSignal,
): Promise<LargestNumber> {
  const measured: Measured[] = [];
  let finished = 0;
  let tooMany: number | null = null;
  let failure: string | null = null;
  let trials = FEWEST_TRIALS;
  for (let misses = 0; misses < MOST_MISSES;) {
    let answer: Answer | null = null;
    try {
      answer = await once(contender, trials, milliseconds, limitSeconds, signal);
    } catch (error) {
      signal.throwIfAborted();
      failure = `${trials} trials: ${(error as Error).message}`;
    }
    if (answer === null || answer.seconds > limitSeconds) {
      misses += 1;
      tooMany = trials;
    } else {
      ({ finished } = answer);
      measured.push({ trials, seconds: answer.seconds });
    }
    const last = measured.at(-1);
    if (last === undefined)
      throw new Error(failure ?? `${trials} trials take longer than ${limitSeconds} s`);
    if (secondsOfTwice(measured) > limitSeconds) break;
    if (tooMany !== null && tooMany <= 2 * last.trials) break;
    trials =
      tooMany === null
        ? nextNumber(measured, AIM * limitSeconds)
        : Math.round(Math.sqrt(last.trials * tooMany));
  }
  return {
    contender: contender.name,
    milliseconds,
    limitSeconds,
    ...measured.at(-1)!,
    finished,
    tooMany,
    failure,
  };
}

async function once(
  contender: Contender,
  trials: number,
  milliseconds: number,
  limitSeconds: number,
  signal: AbortSignal,
): Promise<Answer | null> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-peers-'));
  try {
    const run = new ContenderRun(contender, { trials, milliseconds, folder }, signal);
    return await run.answer(limitSeconds + SPARE_SECONDS);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The number that takes the seconds aimed at, if they go on growing as they grew last; at least twice the last. */
export function nextNumber(measured: readonly Measured[], aimSeconds: number): number {
  const { trials, seconds } = measured.at(-1)!;
  // Where the seconds hardly grow they are those of a start, which is no ground to go far.
  const step = (aimSeconds / seconds) ** (1 / Math.max(powerOf(measured), 1));
  return Math.ceil(trials * Math.min(Math.max(step, 2), LARGEST_STEP));
}

/** Seconds that twice the last number takes, if they go on growing as they grew last. */
export function secondsOfTwice(measured: readonly Measured[]): number {
  return measured.at(-1)!.seconds * 2 ** Math.max(powerOf(measured), 0);
}

/** Power of the number with which the seconds grew last; 0 after a single run, which is mostly its start. */
function powerOf(measured: readonly Measured[]): number {
  const [before, last] = measured.slice(-2);
  if (before === undefined || last === undefined) return 0;
  return Math.log(last.seconds / before.seconds) / Math.log(last.trials / before.trials);
}
