import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ContenderRun } from './contender-run.js';
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
  /** The least number that was tried and took longer; null when none did. */
  readonly tooMany: number | null;
}

const FEWEST_TRIALS = 20;
/** Processes are given so long to start and end before they are taken to hang. */
const SPARE_SECONDS = 45;
/** What is aimed at, as a part of the limit: some contenders slow down with numbers. */
const AIM = 0.85;
/** Good enough to stop at, as a part of the limit. */
const ENOUGH = 0.5;
/** No step is larger: what is small says little of what is large. */
const LARGEST_STEP = 16;
const MOST_MISSES = 2;

/**
 * Looks for the largest number of trials that a contender finishes within a limit: from few on, at least doubling, as far as the
 * last two runs let one extrapolate; after one that takes too long, between it and the largest that did not.
 *
 * @throws Error when the contender does not finish the fewest
 */
export async function largestNumber(
  contender: Contender,
  milliseconds: number,
  limitSeconds: number,
): Promise<LargestNumber> {
  const measured: { readonly trials: number; readonly seconds: number }[] = [];
  let best: LargestNumber | null = null;
  let tooMany: number | null = null;
  let misses = 0;
  let trials = FEWEST_TRIALS;
  while (misses < MOST_MISSES && (best === null || best.seconds < ENOUGH * limitSeconds)) {
    const answer = await once(contender, trials, milliseconds, limitSeconds);
    if (answer === null || answer.seconds > limitSeconds) {
      misses += 1;
      tooMany = trials;
      if (best === null) throw new Error(`${trials} trials take longer than ${limitSeconds} s`);
    } else {
      const { seconds, finished } = answer;
      measured.push({ trials, seconds });
      best = { contender: contender.name, milliseconds, limitSeconds, trials, seconds, finished, tooMany }; // prettier-ignore
    }
    trials =
      tooMany === null
        ? nextNumber(measured, AIM * limitSeconds)
        : Math.round(Math.sqrt(best.trials * tooMany));
  }
  return { ...best!, tooMany };
}

async function once(
  contender: Contender,
  trials: number,
  milliseconds: number,
  limitSeconds: number,
): ReturnType<ContenderRun['answer']> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-peers-'));
  try {
    const run = new ContenderRun(contender, { trials, milliseconds, folder });
    return await run.answer(limitSeconds + SPARE_SECONDS);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The number that takes the seconds aimed at, if they go on growing with the power by which they grew last. */
export function nextNumber(
  measured: readonly { readonly trials: number; readonly seconds: number }[],
  aimSeconds: number,
): number {
  const [before, last] = measured.length > 1 ? measured.slice(-2) : [null, measured[0]!];
  const power =
    before === null
      ? 1
      : Math.log(last!.seconds / before!.seconds) / Math.log(last!.trials / before!.trials);
  // Where the seconds hardly grow they are those of a start, which is no ground to go far.
  const step = (aimSeconds / last!.seconds) ** (1 / Math.max(power, 1));
  return Math.ceil(last!.trials * Math.min(Math.max(step, 2), LARGEST_STEP));
}
