import type { Progress } from '../study/orchestration.js';

/** The rate is that of the last minute, */
const WINDOW_MS = 60_000;
/** or of the last few steps, where they come farther apart. */
const FEWEST_STEPS = 5;
/** Less than this is no measurement. */
const SHORTEST_MS = 1000;

/** How fast a study goes. */
export interface Speed {
  /** Points a second over the last minute, reused ones aside; null while there is no measurement. */
  readonly rate: number | null;
  /** Seconds to the end of the rounds planned so far at that rate; null while nothing moves. */
  readonly remainingSeconds: number | null;
}

/** What is known before anything was seen to move. */
export const NO_SPEED: Speed = { rate: null, remainingSeconds: null };

/** Measures the speed of a study from the progress that somebody sees of it. */
export class RateMeter {
  #settled = 0;
  #total = 0;
  #steps: { readonly at: number; readonly solved: number }[] = [];

  /**
   * @param progress as it is now
   * @param now milliseconds, of any clock that runs on
   */
  measure({ points, shards, paused }: Progress, now: number): Speed {
    const { total, done, failed, cached } = points;
    const settled = shards.done + shards.failed;
    // Another run has begun to count.
    if (settled < this.#settled || total < this.#total) this.#steps = [];
    this.#settled = settled;
    this.#total = total;
    // Points that were reused took no time.
    this.#add(done + failed - cached, now);
    const rate = this.#rate(now);
    const moves = rate !== null && rate > 0 && !paused;
    return { rate, remainingSeconds: moves ? (total - done - failed) / rate : null };
  }

  #add(solved: number, at: number): void {
    // Less than before: a worker has died, and what it had solved of its shard is solved again.
    if (solved > (this.#steps.at(-1)?.solved ?? -1)) this.#steps.push({ at, solved });
    while (this.#steps.length > FEWEST_STEPS && this.#steps[1]!.at < at - WINDOW_MS) {
      this.#steps.shift();
    }
  }

  #rate(now: number): number | null {
    const [first] = this.#steps;
    if (this.#steps.length < 2 || now - first!.at < SHORTEST_MS) return null;
    return (1000 * (this.#steps.at(-1)!.solved - first!.solved)) / (now - first!.at);
  }
}
