import type { Changes } from './changes.js';

/** Failures of the infrastructure in a row after which nothing is handed out but one step at a time, to see. */
export const FAILURES_UNTIL_HALT = 5;

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;

/** The most characters of a reason: what is remembered stays small. */
export const LONGEST_REASON = 500;

/** What outlives the process or the history that met the failures. JSON-safe. */
export interface BreakerState {
  /** Failures of the infrastructure since something succeeded. */
  readonly failures: number;
  /** Why the last of them failed; null when there is none. */
  readonly reason: string | null;
}

/** Nothing has failed since something succeeded. */
export const CLOSED: BreakerState = { failures: 0, reason: null };

/**
 * A circuit breaker: counts failures of the infrastructure in a row, whatever step met them, and says when to try again.
 * The delays double from a second to a minute; one success ends it all. Pure but for the sleep that it is given.
 */
export class Breaker {
  readonly #sleep: (milliseconds: number) => Promise<void>;
  readonly #changes: Changes;
  #state: BreakerState;
  /** The delay under way; null when something may be tried again. */
  #delay: object | null = null;

  /**
   * @param sleep resolves after so many milliseconds, and never rejects
   * @param changes are told when a delay is over
   */
  constructor(
    state: BreakerState,
    sleep: (milliseconds: number) => Promise<void>,
    changes: Changes,
  ) {
    this.#state = state;
    this.#sleep = sleep;
    this.#changes = changes;
    if (state.failures > 0) this.#begin();
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Why nothing is handed out but one step at a time; null when that is not so. */
  get halted(): string | null {
    return this.#state.failures < FAILURES_UNTIL_HALT ? null : this.#state.reason;
  }

  /** Whether it is too early to try again what has failed. */
  get isDelaying(): boolean {
    return this.#delay !== null;
  }

  failed(reason: string): void {
    this.#state = {
      failures: this.#state.failures + 1,
      reason: reason.slice(0, LONGEST_REASON),
    };
    if (this.#delay === null) this.#begin();
    this.#changes.tell();
  }

  /** The few that failed beside what succeeds keep their delay: one bad worker is not fed as fast as others are good. */
  succeeded(): void {
    if (this.#state.failures === 0) return;
    if (this.halted !== null) this.#delay = null;
    this.#state = CLOSED;
    this.#changes.tell();
  }

  /** Ends the delay: somebody says that it is worth trying. */
  probe(): void {
    this.#delay = null;
    this.#changes.tell();
  }

  #begin(): void {
    const delay = {};
    this.#delay = delay;
    void this.#sleep(delayAfter(this.#state.failures)).then(() => {
      // Another one may have begun since.
      if (this.#delay === delay) this.probe();
    });
  }
}

/** Milliseconds until something is tried again after so many failures in a row, >= 1. */
export function delayAfter(failures: number): number {
  // Bounded before it is a power, which is a whole number on every machine that replays this.
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 10));
}
