import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { PartTask, SolvedPart } from '../../activities/solve-part.js';
import type { Solver } from '../../activities/solver.js';
import { encodeRows } from '../../results/part.js';
import type { Instance } from '../../study/instance.js';
import type { Solution } from '../../ufm/solution.js';

/** What a trial is said to take where it takes nothing: pieces are cut by it. */
const NO_SECONDS = 1e-6;

/**
 * Waits instead of solving, and gives every point the same solution: what is left is the orchestration, with rows that are
 * as large as real ones. A trial is a point; the log gets its instance when it runs.
 */
export class TrialSolver implements Solver {
  readonly #ends: Promise<unknown>[];
  readonly #solution: Solution;
  #turn = 0;

  constructor(
    readonly lanes: number,
    readonly milliseconds: number,
    readonly log: string | null,
    template: Solution,
  ) {
    this.#ends = Array.from({ length: lanes }, () => Promise.resolve());
    this.#solution = { ...template, seconds: Math.max(milliseconds / 1000, NO_SECONDS) };
  }

  solve(instances: readonly Instance[]): Promise<Solution[]> {
    return this.#inLane(async () => {
      for (const instance of instances) await this.#trial(instance);
      return instances.map(() => this.#solution);
    });
  }

  solvePart({ points, solved, provenance }: PartTask): Promise<SolvedPart> {
    return this.#inLane(async () => {
      const instances = points.map(({ instance }) => JSON.parse(instance) as Instance);
      for (const [i, instance] of instances.entries()) {
        if (!solved.has(points[i]!.key)) await this.#trial(instance);
      }
      const own = { solution: this.#solution, provenance: { ...provenance, solvedAt: new Date() } };
      const rows = points.map(({ key }, i) => ({
        key,
        instance: instances[i]!,
        ...(solved.get(key) ?? own),
      }));
      return {
        ...encodeRows(rows),
        outcome: { points: rows.length, failed: 0 },
        measures: [],
      };
    });
  }

  async #trial(instance: Instance): Promise<void> {
    if (this.log !== null) appendFileSync(this.log, `${JSON.stringify(instance)}\n`);
    if (this.milliseconds > 0) await delay(this.milliseconds);
  }

  /** Tasks of a lane run one after the other, like those of a thread. */
  #inLane<Result>(task: () => Promise<Result>): Promise<Result> {
    const lane = this.#turn++ % this.lanes;
    const result = this.#ends[lane]!.then(task);
    this.#ends[lane] = result.catch(() => undefined);
    return result;
  }
}
