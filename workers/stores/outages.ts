import { setTimeout as delay } from 'node:timers/promises';
import type { OwnStore } from './own-store.js';

/** A store that this process cannot work in for now. */
export interface Outage {
  readonly store: OwnStore;
  /** In words for people. */
  readonly reason: string;
}

export interface OutageOptions {
  /** Rejects while a store cannot be worked in. */
  readonly probe: (store: OwnStore) => Promise<void>;
  /** Gets a line when a store goes out, and when it is back. */
  readonly onNotice: (line: string) => void;
  /** The longest pause before the first probe. */
  readonly firstPauseMs?: number;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * The stores of a process that it takes no work for, because it has met a fault of the infrastructure there: elsewhere the
 * work may go well, and here it would fail as fast as it can be handed out. Each is probed until it can be worked in again.
 */
export class Outages {
  readonly #options: OutageOptions;
  readonly #out = new Map<string, { readonly store: OwnStore; reason: string }>();
  /** Faults and failed probes since work in a store last went well, by its identity. */
  readonly #failures = new Map<string, number>();
  readonly #listeners = new Set<() => void>();

  constructor(options: OutageOptions) {
    this.#options = options;
  }

  get list(): readonly Outage[] {
    return [...this.#out.values()];
  }

  /** Why a store is out; null when it is not. */
  reasonOf(id: string): string | null {
    return this.#out.get(id)?.reason ?? null;
  }

  /** @param store null: whether any of them is, for work that may be in all */
  isOut(store: OwnStore | null): boolean {
    return store === null ? this.#out.size > 0 : this.#out.has(store.id);
  }

  /** Takes a store out, if it is not. */
  takeOut(store: OwnStore, reason: string): void {
    if (this.#out.has(store.id)) return;
    this.#out.set(store.id, { store, reason });
    this.#failures.set(store.id, this.#failuresOf(store) + 1);
    this.#options.onNotice(
      `Out: no work is taken in the store ${store.url} until it can be used from here again: ${reason}`,
    );
    this.#changed();
    void this.#bringBack(store);
  }

  /** Work in a store went well: should it go out again, the first probe comes soon. */
  worked(id: string): void {
    this.#failures.delete(id);
  }

  /** A store is not of this process any more. */
  forget(id: string): void {
    this.#failures.delete(id);
    if (this.#out.delete(id)) this.#changed();
  }

  /** Calls a function whenever a store has gone out or come back, until the function that it returns is called. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #bringBack(store: OwnStore): Promise<void> {
    const outage = this.#out.get(store.id)!;
    const since = Date.now();
    for (;;) {
      // A process that has nothing else to do may end.
      await delay(this.#pause(store), undefined, { ref: false });
      if (this.#out.get(store.id) !== outage) return;
      try {
        await this.#options.probe(store);
        break;
      } catch (error) {
        outage.reason = (error as Error).message;
        this.#failures.set(store.id, this.#failuresOf(store) + 1);
      }
    }
    if (this.#out.get(store.id) !== outage) return;
    this.#out.delete(store.id);
    const seconds = Math.round((Date.now() - since) / 1000);
    this.#options.onNotice(`The store ${store.url} can be used again, after ${seconds} s.`);
    this.#changed();
  }

  /** Doubles from failure to failure, of random length: not all workers are to come back at once. */
  #pause(store: OwnStore): number {
    const { firstPauseMs = FIRST_PAUSE_MS } = this.#options;
    const longest = firstPauseMs * 2 ** (this.#failuresOf(store) - 1);
    return Math.min(longest, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
  }

  #failuresOf({ id }: OwnStore): number {
    return this.#failures.get(id) ?? 0;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
