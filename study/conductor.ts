import { Breaker } from './breaker.js';
import { Changes } from './changes.js';
import {
  initialState,
  progressOf,
  windowProblem,
  withReport,
  type ConductorState,
} from './conductor-state.js';
import type { Progress, RoundPlan, Steps, StudyReference } from './orchestration.js';
import { Relay, type Runners } from './relay.js';
import { MOST_LOSSES, Segment } from './segment.js';
import type { SegmentReport } from './segment-report.js';

/** Bracketing halves an interval each round, so 30 rounds narrow one by a factor of 1e9. */
export const MAXIMUM_ROUNDS = 30;

/** How conducting ended: to the end, or before it with everything that was handed out here settled. */
export type Ending = 'done' | 'checkpoint' | 'cancelled';

/**
 * Drives one study: plan a round, solve its shards through a bounded window, plan the next round until one asks for
 * nothing, analyze. Pure and deterministic: it only awaits its steps, so a Temporal workflow replays it and the local
 * engine runs it as it is.
 *
 * Shards are handed out by segments. Of each round the first is the conductor's own; once a checkpoint is due it gives the
 * rest of the round to one that runs elsewhere, where there are runners, and with it each slot that gets free.
 *
 * A shard that fails for good counts as failed with all its points and stops no other. A round of which shards have no
 * outcome, since its plan is damaged or a segment was lost, is planned again, once its other shards are done. What the
 * infrastructure has failed is tried again without limit. Planning or analyzing that fails otherwise rejects `conduct`.
 */
export class Conductor {
  readonly #reference: StudyReference;
  readonly #steps: Steps;
  readonly #checkpointSuggested: () => boolean;
  readonly #changes = new Changes();
  readonly #breaker: Breaker;
  readonly #relay: Relay;
  #state: ConductorState;
  /** The segment that this conductor runs itself; null when there is none. */
  #own: Segment | null = null;
  /** How often planning or analyzing has lost its worker at every try. */
  #losses = 0;
  #cancelled = false;

  /**
   * @param checkpointSuggested asked whenever something has changed; once it says true nothing more is handed out here
   *   and `conduct` ends with `checkpoint`
   * @param state where an earlier conductor stopped, or `initialState()`
   * @param runners of segments elsewhere; null where there are none
   */
  constructor(
    reference: StudyReference,
    steps: Steps,
    checkpointSuggested: () => boolean,
    state: ConductorState,
    runners: Runners | null = null,
  ) {
    this.#reference = reference;
    this.#steps = steps;
    this.#checkpointSuggested = checkpointSuggested;
    // An earlier version of this program may have written less.
    this.#state = { ...initialState(), ...state };
    const { breaker, segments } = this.#state;
    this.#breaker = new Breaker(breaker, (milliseconds) => steps.sleep(milliseconds), this.#changes); // prettier-ignore
    this.#relay = new Relay(runners, segments, this.#changes, (report) => {
      this.#state = withReport(this.#state, report);
    });
  }

  /** What the next conductor starts from; complete once `conduct` has ended. */
  get state(): ConductorState {
    return { ...this.#state, segments: this.#relay.segments, breaker: this.#breaker.state };
  }

  get progress(): Progress {
    const running = this.#relay.segments.map(({ report }) => report);
    if (this.#own !== null) running.push(this.#own.report);
    return progressOf(this.#state, running, this.#breaker.halted);
  }

  /** Hands nothing out until resumed; what is in flight goes on. */
  pause(): void {
    this.#update({ paused: true });
  }

  /** Goes on, and tries at once what waits for the infrastructure. */
  resume(): void {
    this.#update({ paused: false });
    this.#breaker.probe();
    this.#relay.probe();
  }

  /** @throws RangeError unless `windowProblem` is null. */
  setWindow(window: number): void {
    const problem = windowProblem(window);
    if (problem !== null) throw new RangeError(problem);
    this.#update({ window });
  }

  /** Hands nothing out any more. Stopping what is in flight here is up to whoever runs the steps. */
  cancel(): void {
    this.#cancelled = true;
    this.#own?.cancel();
    this.#relay.cancel();
    this.#update({});
  }

  /** What a segment that runs elsewhere says of itself. */
  heard(id: string, report: SegmentReport): void {
    this.#relay.heard(id, report);
  }

  /** A segment elsewhere is not there, or no more. */
  lost(id: string): void {
    this.#relay.lost(id);
  }

  /** Goes on from the state until the study is done, cancelled, or a checkpoint is due. */
  async conduct(): Promise<Ending> {
    void this.#relay.watch((milliseconds) => this.#steps.sleep(milliseconds));
    try {
      while (this.#state.stage !== 'done') {
        if (this.#state.stage === 'solving') await this.#solveRound();
        else await this.#until(() => !this.#state.paused && !this.#breaker.isDelaying);
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
      case 'analyzing':
        if (await this.#try(() => this.#steps.analyze(this.#reference).then(() => true))) {
          this.#update({ stage: 'done' });
        }
        return;
      case 'solving':
      case 'done':
        return;
    }
  }

  async #planRound(): Promise<void> {
    const plan = await this.#try(() => this.#steps.planRound(this.#reference, this.#state.round));
    if (plan === null) return;
    if (plan.points === 0 && plan.shards === 0) {
      this.#update({ stage: 'analyzing' });
      return;
    }
    const { points, shards, pointsBefore, damagedPlans, unsettled } = this.#state;
    const before = damagedPlans === 0 && !unsettled ? points : pointsBefore;
    this.#update({
      stage: 'solving',
      plan,
      nextShard: 0,
      pointsBefore: before,
      planDamaged: false,
      unsettled: false,
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

  /** Null when the infrastructure has failed it. */
  async #try<T>(step: () => Promise<T>): Promise<T | null> {
    try {
      const result = await step();
      this.#breaker.succeeded();
      this.#losses = 0;
      return result;
    } catch (error) {
      const fault = this.#cancelled ? 'shard' : this.#steps.classOf(error);
      if (fault === 'worker lost') this.#losses += 1;
      if (fault === 'shard' || this.#losses === MOST_LOSSES) throw error;
      this.#breaker.failed(this.#steps.reasonOf(error));
      return null;
    }
  }

  /** Ends when every shard of the round is settled, or at an interruption, once nothing is in flight here. */
  async #solveRound(): Promise<void> {
    const plan = this.#state.plan!;
    for (;;) {
      const interruption = this.#interruption();
      if (this.#own === null && this.#relay.isEmpty) {
        if (interruption === 'cancelled') return;
        if (this.#state.nextShard === plan.shards) {
          this.#closeRound();
          return;
        }
        if (interruption === 'checkpoint') return;
        this.#beginOwn(plan);
      }
      if (!this.#cancelled) this.#allot(plan);
      if (this.#own === null && interruption === 'checkpoint') return;
      await this.#changes.next();
    }
  }

  #beginOwn(plan: RoundPlan): void {
    const { round, nextShard: first } = this.#state;
    const segment = new Segment(
      { round, plan, first },
      {
        reference: this.#reference,
        steps: this.#steps,
        breaker: this.#breaker,
        changes: this.#changes,
        isDue: () => this.#interruption() !== null,
      },
    );
    this.#own = segment;
    void segment.run().then(() => {
      this.#own = null;
      this.#update(withReport(this.#state, segment.report));
    });
  }

  /** Gives the window, less what is in flight in segments that hand out no more, to the one that does. */
  #allot(plan: RoundPlan): void {
    const { window, paused, round, nextShard } = this.#state;
    const own = this.#own?.report;
    const held = this.#relay.held + (own?.closed === true ? own.inFlight : 0);
    const slots = paused ? 0 : Math.max(0, window - held);
    if (own?.closed === false) {
      this.#own!.setSlots(slots);
      return;
    }
    // Segments end in any order: the one that has handed out most may have ended before others.
    const first = Math.max(nextShard, own?.next ?? 0, this.#relay.next);
    if (!this.#relay.isOpen && first < plan.shards) {
      this.#relay.start({ round, plan, first }, slots, this.#breaker.state);
    }
    this.#relay.allot(slots, held);
  }

  #closeRound(): void {
    const { points, round, planDamaged, damagedPlans, unsettled } = this.#state;
    if (planDamaged || unsettled) {
      const damaged = damagedPlans + (planDamaged ? 1 : 0);
      this.#update({ stage: 'planning', plan: null, damagedPlans: damaged });
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
    while (!condition() && this.#interruption() === null) await this.#changes.next();
  }

  #update(change: Partial<ConductorState>): void {
    this.#state = { ...this.#state, ...change };
    this.#changes.tell();
  }
}

/** Points that were solved, not reused. */
function solved({ done, failed, cached }: Progress['points']): number {
  return done + failed - cached;
}
