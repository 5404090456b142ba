import { setTimeout as delay } from 'node:timers/promises';
import type { StudyReference } from '../../study/orchestration.js';
import type { Cluster } from './cluster.js';
import type { Fault } from './fault.js';
import { look } from './observer.js';

/** What waits tries again every minute: where nothing has changed for so long nothing is going to any more. */
const PATIENCE_SECONDS = 300;
const LOOK_EVERY_MS = 5_000;

/** A study does not go on. */
export class Stuck extends Error {}

/** Waits for a study as long as it goes on, however slowly, or as a fault keeps it from that. */
export class Patience {
  readonly #cluster: Cluster;
  readonly #reference: StudyReference;
  readonly #most: number;

  /** @param faults that are going to strike */
  constructor(cluster: Cluster, reference: StudyReference, faults: readonly Fault[]) {
    this.#cluster = cluster;
    this.#reference = reference;
    this.#most = PATIENCE_SECONDS + Math.max(...faults.map(({ seconds }) => seconds));
  }

  /** @throws Stuck when nothing goes on any more, and no result is there */
  async with<T>(work: Promise<T>): Promise<T> {
    const over = new AbortController();
    try {
      return await Promise.race([work, this.#stuck(over.signal)]);
    } finally {
      over.abort();
    }
  }

  async #stuck(signal: AbortSignal): Promise<never> {
    let seen = '';
    let since = Date.now();
    for (;;) {
      const now = await this.#sign();
      if (now !== seen) [seen, since] = [now, Date.now()];
      if (Date.now() - since > this.#most * 1000) {
        throw new Stuck(`nothing has changed for ${this.#most} s: ${seen}`);
      }
      // Whoever waited has an answer: this is nobody's any more.
      if (signal.aborted) return new Promise(() => undefined);
      await delay(LOOK_EVERY_MS);
    }
  }

  /** What is otherwise once the study has gone on. */
  async #sign(): Promise<string> {
    const parts = await this.#cluster.store.list('parts').catch(() => []);
    const { progress, troubles } = await look(this.#cluster, this.#reference);
    return JSON.stringify({ parts: parts.length, progress, troubles });
  }
}
