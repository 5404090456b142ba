import { LONGEST_REASON, type Breaker } from './breaker.js';
import type { Changes } from './changes.js';
import type { ShardSteps, StudyReference } from './orchestration.js';
import { emptyReport, hasEnded, type SegmentReport, type SegmentStart } from './segment-report.js';

/**
 * How often a shard may lose its worker at every try before it is at fault itself, though nothing else has landed
 * meanwhile: where it is the last one, nothing else can.
 */
export const MOST_LOSSES = 3;

/** A shard to be handed out, and how often every worker that had it was lost. */
interface Trial {
  readonly shard: number;
  readonly losses: number;
}

/** What a segment works with. */
export interface SegmentSurroundings {
  readonly reference: StudyReference;
  readonly steps: ShardSteps;
  readonly breaker: Breaker;
  /** Are told of every change, and awaited. */
  readonly changes: Changes;
  /** Whether it is time to hand out no more; asked before each shard. Once true it is final. */
  readonly isDue: () => boolean;
}

/**
 * Hands out the shards of a plan from one on, within slots that may change, until there is none left or it is time to
 * leave the rest to another segment. Pure and deterministic, as the conductor is.
 *
 * A shard that fails for good counts as failed with all its points and stops no other. One that a failure of the
 * infrastructure has hit is handed out again, after the delay of the breaker and from the same slot; while the breaker
 * is halted that is one shard at a time.
 */
export class Segment {
  readonly #start: SegmentStart;
  readonly #with: SegmentSurroundings;
  #slots = 0;
  #report: SegmentReport;
  /** Shards to be handed out again. */
  #waiting: Trial[] = [];
  /** The shard that shows whether the infrastructure is back; null when there is none. */
  #probe: Trial | null = null;
  #landed = 0;
  #cancelled = false;

  constructor(start: SegmentStart, surroundings: SegmentSurroundings) {
    this.#start = start;
    this.#with = surroundings;
    this.#report = emptyReport(start.first);
  }

  get report(): SegmentReport {
    return { ...this.#report, halted: this.#with.breaker.halted };
  }

  /** How many shards may be in flight. Fewer than there are: they run down. */
  setSlots(slots: number): void {
    if (slots === this.#slots) return;
    this.#slots = slots;
    this.#with.changes.tell();
  }

  /** Hands nothing out any more. What is in flight does not count as failed when it is stopped, which is up to others. */
  cancel(): void {
    this.#cancelled = true;
    this.#close();
  }

  /** Resolves once it has ended. */
  async run(): Promise<void> {
    for (;;) {
      this.#handOut();
      if (hasEnded(this.#report)) return;
      await this.#with.changes.next();
    }
  }

  #handOut(): void {
    while (!this.#report.closed) {
      const { next, inFlight } = this.#report;
      const isDone = next === this.#start.plan.shards && inFlight + this.#waiting.length === 0;
      if (isDone || this.#with.isDue()) {
        this.#close();
        return;
      }
      const trial = this.#take();
      if (trial === null) return;
      void this.#solve(trial);
    }
  }

  /** The shard that may be handed out now, if there is one. */
  #take(): Trial | null {
    const { breaker } = this.#with;
    const { next, inFlight } = this.#report;
    const isHalted = breaker.halted !== null;
    if (inFlight >= this.#slots) return null;
    if (isHalted && (breaker.isDelaying || this.#probe !== null)) return null;
    const again = breaker.isDelaying ? undefined : this.#waiting.shift();
    const hasRoom = inFlight + this.#waiting.length < this.#slots;
    if (again === undefined && (next === this.#start.plan.shards || !hasRoom)) return null;
    if (again === undefined) this.#update({ next: next + 1 });
    const trial = again ?? { shard: next, losses: 0 };
    if (isHalted) this.#probe = trial;
    return trial;
  }

  async #solve(trial: Trial): Promise<void> {
    const { reference, steps, breaker } = this.#with;
    const landedBefore = this.#landed;
    this.#update({ inFlight: this.#report.inFlight + 1 });
    try {
      const outcome = await steps.solveShard(reference, this.#start.plan, trial.shard);
      this.#landed += 1;
      breaker.succeeded();
      const { points, failed, planDamaged = false } = outcome;
      if (planDamaged) this.#update({ damaged: this.#report.damaged + 1 });
      else this.#countDone(points - failed, failed);
    } catch (error) {
      // The other shards do not depend on it.
      if (!this.#cancelled) this.#failed(trial, error, this.#landed > landedBefore);
    } finally {
      if (this.#probe === trial) this.#probe = null;
      this.#update({ inFlight: this.#report.inFlight - 1 });
    }
  }

  /** @param landed whether another shard has landed since this one was handed out */
  #failed({ shard, losses }: Trial, error: unknown, landed: boolean): void {
    const { steps } = this.#with;
    const reason = steps.reasonOf(error);
    switch (steps.classOf(error)) {
      case 'infrastructure':
        this.#tryAgain({ shard, losses }, reason);
        return;
      case 'worker lost':
        if (landed || losses + 1 === MOST_LOSSES) this.#countFailed(reason);
        else this.#tryAgain({ shard, losses: losses + 1 }, reason);
        return;
      case 'shard':
        this.#countFailed(reason);
    }
  }

  #tryAgain(trial: Trial, reason: string): void {
    if (this.#report.closed) this.#update({ left: this.#report.left + 1 });
    else this.#waiting.push(trial);
    this.#with.breaker.failed(reason);
  }

  #close(): void {
    this.#update({ closed: true, left: this.#report.left + this.#waiting.length });
    this.#waiting = [];
  }

  #countDone(done: number, failed: number): void {
    const { points, shards } = this.#report;
    this.#update({
      points: { done: points.done + done, failed: points.failed + failed },
      shards: { ...shards, done: shards.done + 1 },
    });
  }

  #countFailed(reason: string): void {
    const { shards } = this.#report;
    this.#update({
      shards: { ...shards, failed: shards.failed + 1 },
      shardFailure: reason.slice(0, LONGEST_REASON),
    });
  }

  #update(change: Partial<SegmentReport>): void {
    this.#report = { ...this.#report, ...change };
    this.#with.changes.tell();
  }
}
