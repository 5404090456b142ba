import { Breaker } from '../../study/breaker.js';
import { Changes } from '../../study/changes.js';
import { conductSegment } from '../../study/conduct-segment.js';
import { initialState, type ConductorState } from '../../study/conductor-state.js';
import { Conductor } from '../../study/conductor.js';
import type { RoundPlan, Steps } from '../../study/orchestration.js';
import type { Runners } from '../../study/relay.js';
import { Segment } from '../../study/segment.js';
import { Clock } from './clock.js';

/** What is simulated: one round of shards, each of which keeps a worker busy for so many seconds. */
export interface Scenario {
  readonly window: number;
  /** Of each shard, in seconds. */
  readonly seconds: readonly number[];
  /**
   * What happens when a history is full: the rest of the round is handed to segments, or all shards in flight are waited
   * for, as was done before there were segments, or nothing, which no server bears and nothing can beat.
   */
  readonly checkpoints: 'sliding' | 'barrier' | 'none';
}

/** How busy the workers of the window were: shards in flight over the window, in the mean over the time. */
export interface Use {
  /** Until the last shard was handed out, and until it had ended. */
  readonly beforeTheEnd: number;
  readonly whole: number;
  readonly segments: number;
  /** Events of all histories. */
  readonly events: number;
}

/** Of a history at which a server suggests to continue as new. */
const EVENTS_A_HISTORY = 4096;

/** An activity is scheduled, started and completed; a workflow task of as many events follows whatever happens alone. */
const EVENTS_A_SHARD = 3;
const EVENTS_A_TASK = 3;
/** A signal is one event where it arrives, and two where it is sent. */
const EVENTS_A_SIGNAL = { sent: 2, received: 1 };

/** How long a signal or the start of a workflow takes, in seconds. */
const LATENCY = 0.05;

const REFERENCE = { store: 'simulated', study: 'simulated', specHash: 'simulated' };

/** Runs the real conductor and the real segments in virtual time. */
export class Simulation {
  readonly #clock = new Clock();
  readonly #scenario: Scenario;
  #busySeconds = 0;
  #lastHandedOut = { at: 0, busySeconds: 0 };
  #handedOut = 0;
  #inFlight = 0;
  #since = 0;
  #segments = 0;
  #events = 0;

  private constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  static async run(scenario: Scenario): Promise<Use> {
    const simulation = new Simulation(scenario);
    await simulation.#clock.runUntil(simulation.#study());
    return simulation.#use();
  }

  #use(): Use {
    const { at, busySeconds } = this.#lastHandedOut;
    const { window } = this.#scenario;
    return {
      beforeTheEnd: busySeconds / (window * at),
      whole: this.#busySeconds / (window * this.#clock.now),
      segments: this.#segments,
      events: this.#events,
    };
  }

  async #study(): Promise<void> {
    let state: ConductorState = initialState(this.#scenario.window);
    /** Where reports go: to the run that there is. */
    const study: { conductor: Conductor | null; history: History } = {
      conductor: null,
      history: new History(),
    };
    const orders = new Map<string, (slots: number) => void>();
    const runners: Runners = {
      mayStart: () => this.#scenario.checkpoints === 'sliding',
      start: (segment, slots, breaker) => {
        const id = `segment-${segment.first}`;
        this.#segments += 1;
        study.history.sends();
        const history = new History();
        const changes = new Changes();
        const steps = this.#steps(history);
        const shards = new Segment(segment, {
          reference: REFERENCE,
          steps,
          breaker: new Breaker(breaker, (delay) => steps.sleep(delay), changes),
          changes,
          isDue: () => history.isLong,
        });
        orders.set(id, (given) => {
          history.receives();
          shards.setSlots(given);
        });
        this.#clock.after(LATENCY, () => {
          shards.setSlots(slots);
          void conductSegment(shards, changes, async (report) => {
            history.sends();
            await this.#clock.sleep(LATENCY);
            study.history.receives();
            study.conductor!.heard(id, report);
          }).then(() => (this.#events += history.events));
        });
        return id;
      },
      order: (id, { slots }) => {
        study.history.sends();
        this.#clock.after(LATENCY, () => {
          orders.get(id)!(slots);
        });
      },
      cancel: () => undefined,
    };
    for (;;) {
      const { history } = study;
      const steps = this.#steps(history);
      const isDue = (): boolean => history.isLong && this.#scenario.checkpoints !== 'none';
      study.conductor = new Conductor(REFERENCE, steps, isDue, state, runners);
      const ending = await study.conductor.conduct();
      state = JSON.parse(JSON.stringify(study.conductor.state)) as ConductorState;
      this.#events += history.events;
      study.history = new History();
      if (ending === 'done') return;
    }
  }

  #steps(history: History): Steps {
    const { seconds } = this.#scenario;
    const plan: RoundPlan = {
      ...{ plan: 'plan', shards: seconds.length, points: seconds.length, cached: 0, failed: 0 },
    };
    const nothing = { ...plan, shards: 0, points: 0 };
    return {
      planRound: (_, round) => Promise.resolve(round === 0 ? plan : nothing),
      solveShard: async (_reference, _plan, shard) => {
        this.#count(1);
        this.#handedOut += 1;
        if (this.#handedOut === seconds.length) {
          this.#lastHandedOut = { at: this.#clock.now, busySeconds: this.#busySeconds };
        }
        await this.#clock.sleep(seconds[shard]!);
        this.#count(-1);
        history.solved();
        return { points: 1, failed: 0 };
      },
      analyze: () => Promise.resolve(),
      reasonOf: String,
      classOf: () => 'shard',
      sleep: (milliseconds) => this.#clock.sleep(milliseconds / 1000),
    };
  }

  #count(change: number): void {
    this.#busySeconds += this.#inFlight * (this.#clock.now - this.#since);
    this.#since = this.#clock.now;
    this.#inFlight += change;
  }
}

/** Counts the events of a history as docs/capacity.md does: the most that there can be. */
class History {
  events = 0;

  get isLong(): boolean {
    return this.events >= EVENTS_A_HISTORY;
  }

  solved(): void {
    this.events += EVENTS_A_SHARD + EVENTS_A_TASK;
  }

  sends(): void {
    this.events += EVENTS_A_SIGNAL.sent + EVENTS_A_TASK;
  }

  receives(): void {
    this.events += EVENTS_A_SIGNAL.received + EVENTS_A_TASK;
  }
}
