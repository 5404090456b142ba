import { initialState, progressOf, windowProblem, type ConductorState } from './conductor-state.js';
import type { Progress, RoundPlan, Steps, StudyReference } from './orchestration.js';

/** Bracketing halves an interval each round, so 30 rounds narrow one by a factor of 1e9. */
export const MAXIMUM_ROUNDS = 30;

/** How often the plan of a round may turn out to be damaged: a store that damages more than that is no store. */
const MOST_DAMAGED_PLANS = 3;

/** The most characters of a reason: what a conductor remembers stays small. */
const LONGEST_REASON = 500;

/** How conducting ended: to the end, or before it with everything that was handed out settled. */
export type Ending = 'done' | 'checkpoint' | 'cancelled';

/**
 * Drives one study: plan a round, solve its shards through a bounded window, plan the next round until one asks for
 * nothing, analyze. Pure and deterministic: it only awaits its steps, so a Temporal workflow replays it and the local
 * engine runs it as it is.
 *
 * A shard that fails for good counts as failed with all its points and stops no other. A round whose plan turns out to
 * be damaged is planned again, once its other shards are done. Planning or analyzing that fails rejects `conduct`.
 */
export class Conductor {
  readonly #reference: StudyReference;
  readonly #steps: Steps;
  readonly #checkpointSuggested: () => boolean;
  #state: ConductorState;
  #inFlight = 0;
  #cancelled = false;
  #wake: (() => void)[] = [];

  /**
   * @param checkpointSuggested asked whenever something has changed; once it says true nothing more is handed out
   *   and `conduct` ends with `checkpoint`
   * @param state where an earlier conductor stopped, or `initialState()`
   */
  constructor(
    reference: StudyReference,
    steps: Steps,
    checkpointSuggested: () => boolean,
    state: ConductorState,
  ) {
    this.#reference = reference;
    this.#steps = steps;
    this.#checkpointSuggested = checkpointSuggested;
    // An earlier version of this program may have written less.
    this.#state = { ...initialState(), ...state };
  }

  /** What the next conductor starts from; complete once `conduct` has ended. */
  get state(): ConductorState {
    return this.#state;
  }

  get progress(): Progress {
    return progressOf(this.#state, this.#inFlight);
  }

  /** Hands nothing out until resumed; what is in flight goes on. */
  pause(): void {
    this.#update({ paused: true });
  }

  resume(): void {
    this.#update({ paused: false });
  }

  /** @throws RangeError unless `windowProblem` is null. */
  setWindow(window: number): void {
    const problem = windowProblem(window);
    if (problem !== null) throw new RangeError(problem);
    this.#update({ window });
  }

  /** Hands nothing out any more. Stopping what is in flight is up to whoever runs the steps. */
  cancel(): void {
    this.#cancelled = true;
    this.#update({});
  }

  /** Goes on from the state until the study is done, cancelled, or a checkpoint is due. */
  async conduct(): Promise<Ending> {
    try {
      while (this.#state.stage !== 'done') {
        await this.#until(() => !this.#state.paused);
        const interruption = this.#interruption();
        if (interruption !== null) return interruption;
        await this.#advance();
      }
    } catch (error) {
      // A step that was cancelled rejects, and that is no failure of the study.
      if (this.#cancelled) return 'cancelled';
      throw error;
    }
    return 'done';
  }

  async #advance(): Promise<void> {
    switch (this.#state.stage) {
      case 'planning':
        return this.#planRound();
      case 'solving':
        return this.#solveRound();
      case 'analyzing':
        await this.#steps.analyze(this.#reference);
        this.#update({ stage: 'done' });
        return;
      case 'done':
        return;
    }
  }

  async #planRound(): Promise<void> {
    const plan = await this.#steps.planRound(this.#reference, this.#state.round);
    if (plan.points === 0 && plan.shards === 0) {
      this.#update({ stage: 'analyzing' });
      return;
    }
    const { points, shards, pointsBefore, damagedPlans } = this.#state;
    const before = damagedPlans === 0 ? points : pointsBefore;
    this.#update({
      stage: 'solving',
      plan,
      nextShard: 0,
      pointsBefore: before,
      planDamaged: false,
      points: {
        total: before.total + plan.points,
        done: before.done + plan.cached - plan.failed,
        failed: before.failed + plan.failed,
        // What this run has solved before it planned again has landed, but is not reused.
        cached: before.cached + Math.max(0, plan.cached - (solved(points) - solved(before))),
      },
      shards: { ...shards, total: shards.done + shards.failed + plan.shards },
    });
  }

  async #solveRound(): Promise<void> {
    const plan = this.#state.plan!;
    while (this.#state.nextShard < plan.shards) {
      await this.#until(() => !this.#state.paused && this.#inFlight < this.#state.window);
      if (this.#interruption() !== null) break;
      void this.#solveShard(plan, this.#state.nextShard);
    }
    while (this.#inFlight > 0) await this.#change();
    if (this.#state.nextShard === plan.shards && !this.#cancelled) this.#closeRound();
  }

  async #solveShard(plan: RoundPlan, shard: number): Promise<void> {
    this.#inFlight += 1;
    this.#update({ nextShard: shard + 1 });
    try {
      const outcome = await this.#steps.solveShard(this.#reference, plan, shard);
      const { points, failed, planDamaged = false } = outcome;
      if (!planDamaged) this.#count({ done: points - failed, failed }, { done: 1 });
      else if (this.#state.damagedPlans < MOST_DAMAGED_PLANS) this.#update({ planDamaged });
      else this.#failShard('The pages of the plan were found damaged again and again.');
    } catch (error) {
      // The other shards do not depend on it.
      if (!this.#cancelled) this.#failShard(this.#steps.reasonOf(error));
    } finally {
      this.#inFlight -= 1;
      this.#update({});
    }
  }

  #failShard(reason: string): void {
    this.#update({ shardFailure: reason.slice(0, LONGEST_REASON) });
    this.#count({}, { failed: 1 });
  }

  #count(
    points: { readonly done?: number; readonly failed?: number },
    shards: { readonly done?: number; readonly failed?: number },
  ): void {
    const before = this.#state;
    this.#update({
      points: {
        ...before.points,
        done: before.points.done + (points.done ?? 0),
        failed: before.points.failed + (points.failed ?? 0),
      },
      shards: {
        ...before.shards,
        done: before.shards.done + (shards.done ?? 0),
        failed: before.shards.failed + (shards.failed ?? 0),
      },
    });
  }

  #closeRound(): void {
    const { points, round, planDamaged, damagedPlans } = this.#state;
    if (planDamaged) {
      this.#update({ stage: 'planning', plan: null, damagedPlans: damagedPlans + 1 });
      return;
    }
    this.#update({
      damagedPlans: 0,
      stage: round + 1 < MAXIMUM_ROUNDS ? 'planning' : 'analyzing',
      round: round + 1,
      plan: null,
      // Shards that failed leave no count of their points: they are what is still missing now.
      points: { ...points, failed: points.total - points.done },
    });
  }

  #interruption(): 'checkpoint' | 'cancelled' | null {
    if (this.#cancelled) return 'cancelled';
    return this.#checkpointSuggested() ? 'checkpoint' : null;
  }

  /** Resolves once the condition holds, or once there is an interruption. */
  async #until(condition: () => boolean): Promise<void> {
    while (!condition() && this.#interruption() === null) await this.#change();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #update(change: Partial<ConductorState>): void {
    this.#state = { ...this.#state, ...change };
    const waking = this.#wake;
    this.#wake = [];
    for (const wake of waking) wake();
  }
}

/** Points that were solved, not reused. */
function solved({ done, failed, cached }: Progress['points']): number {
  return done + failed - cached;
}
