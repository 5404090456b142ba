import { setTimeout as delay } from 'node:timers/promises';

/** Who asks waits this long for a newer value before the last one has to do. */
const PATIENCE_MS = 1000;

/** The rest of the time is for whatever else the machine has to do, such as the study itself. */
const LARGEST_SHARE = 0.2;

/**
 * A value that costs something to make. It is made when somebody asks, no more often than every so many
 * milliseconds, and never takes more than a fifth of the time.
 */
export class Paced<T> {
  readonly #make: () => Promise<T>;
  readonly #everyMs: number;
  #making: Promise<void> | null = null;
  #latest: { readonly value: T } | null = null;
  #failure: Error | null = null;
  #dueAt = 0;

  constructor(make: () => Promise<T>, everyMs: number) {
    this.#make = make;
    this.#everyMs = everyMs;
  }

  /**
   * The newest value. Waits for it only when there is none yet, or it comes soon.
   *
   * @throws what the last attempt to make it threw
   */
  async get(): Promise<T> {
    this.refresh();
    if (this.#making !== null) {
      const soon = delay(PATIENCE_MS, undefined, { ref: false });
      await (this.#latest === null ? this.#making : Promise.race([this.#making, soon]));
    }
    if (this.#failure !== null) throw this.#failure;
    return this.#latest!.value;
  }

  /** The last value, if it was made at all; a newer one is on its way when it is due. */
  refresh(): T | null {
    if (this.#making === null && Date.now() >= this.#dueAt) this.#making = this.#start();
    return this.#latest?.value ?? null;
  }

  /** Makes the next `get` make a new value, as after something was changed. */
  expire(): void {
    this.#dueAt = 0;
  }

  async #start(): Promise<void> {
    const startedAt = Date.now();
    // The first time starts threads and connections as well, and tells little of the next.
    const isFirst = this.#latest === null;
    try {
      this.#latest = { value: await this.#make() };
      this.#failure = null;
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    } finally {
      const took = isFirst ? 0 : Date.now() - startedAt;
      this.#dueAt = Date.now() + Math.max(this.#everyMs, took / LARGEST_SHARE);
      this.#making = null;
    }
  }
}
