import type { Health } from '../health.js';
import type { RunningWorker } from '../running-worker.js';
import type { OwnStore } from './own-store.js';
import type { ServedStores } from './served-stores.js';

/** Starts the worker of a store; null: the one of the queues from before stores had any. */
export type StartOne = (store: OwnStore | null) => Promise<RunningWorker>;

/** A resource that all of the workers share. */
interface Pool {
  close(): Promise<void>;
}

interface End {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A worker for each store that this process serves, since each store has queues of its own, as one. They come and go with
 * the stores.
 */
export class StoreWorkers implements RunningWorker {
  readonly finished: Promise<void>;
  readonly #stores: ServedStores;
  readonly #start: StartOne;
  readonly #pool: Pool;
  /** By the identity of the store. */
  readonly #workers = new Map<string | null, RunningWorker>();
  readonly #end: End;
  readonly #ignoreStores: () => void;
  #adjusting: Promise<void> = Promise.resolve();
  #health: Health = 'starting';

  private constructor(stores: ServedStores, pool: Pool, start: StartOne) {
    this.#stores = stores;
    this.#pool = pool;
    this.#start = start;
    let end: End | undefined;
    this.finished = new Promise((resolve, reject) => (end = { resolve, reject }));
    this.#end = end!;
    // Whoever stops it hears of a failure, even where nobody waits for the end.
    this.finished.catch(() => undefined);
    this.#ignoreStores = stores.onReplaced(() => {
      this.#adjust().catch((error: unknown) => {
        stores.onNotice(`Not all stores are served, trying again: ${(error as Error).message}`);
      });
    });
  }

  /** @param pool closed at the end, and when not all of them start */
  static async start(stores: ServedStores, pool: Pool, start: StartOne): Promise<StoreWorkers> {
    const workers = new StoreWorkers(stores, pool, start);
    try {
      await workers.#adjust();
      return workers;
    } catch (error) {
      await workers.stop().catch(() => undefined);
      throw error;
    }
  }

  get health(): Health {
    const each = [...this.#workers.values()].map(({ health }) => health);
    if (each.includes('failed')) return 'failed';
    return this.#health === 'ready' && this.#stores.outages.list.length > 0 ? 'out' : this.#health;
  }

  async stop(): Promise<void> {
    if (this.#health !== 'draining') {
      this.#health = 'draining';
      this.#ignoreStores();
      await this.#adjusting.catch(() => undefined);
      const stopping = [...this.#workers.values()].map((worker) => worker.stop());
      const ends = await Promise.allSettled(stopping);
      await this.#pool.close();
      const failure = ends.find((end) => end.status === 'rejected');
      if (failure === undefined) this.#end.resolve();
      else this.#end.reject(failure.reason);
    }
    await this.finished;
  }

  /** Starts and stops workers until they are those of the stores, one change after the other. */
  #adjust(): Promise<void> {
    this.#adjusting = this.#adjusting
      .catch(() => undefined)
      .then(async () => {
        const { list, earlier } = this.#stores;
        const wanted = new Map<string | null, OwnStore | null>(
          list.map((store) => [store.id, store]),
        );
        if (earlier && list.length > 0) wanted.set(null, null);
        for (const [id, worker] of this.#workers) {
          if (wanted.has(id)) continue;
          this.#workers.delete(id);
          await worker.stop();
        }
        for (const [id, store] of wanted) {
          if (this.#health === 'draining') return;
          if (!this.#workers.has(id)) this.#add(id, await this.#start(store));
        }
        if (this.#health === 'starting') this.#health = 'ready';
      });
    return this.#adjusting;
  }

  #add(id: string | null, worker: RunningWorker): void {
    this.#workers.set(id, worker);
    const ended = (reason: unknown): void => {
      const wasStopped = this.#health === 'draining' || this.#workers.get(id) !== worker;
      if (!wasStopped) this.#end.reject(reason);
    };
    worker.finished.then(() => {
      ended(new Error('A Temporal worker of this process has stopped; its log says why.'));
    }, ended);
  }
}
