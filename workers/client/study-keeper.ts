import type { Client } from '@temporalio/client';
import { DEFAULT_WINDOW } from '../../study/conductor-state.js';
import { versionName } from '../../results/study-versions.js';
import { SOLVE_QUEUE } from '../../workflows/names.js';
import { pause } from '../pause.js';
import { connectClient } from '../server/connection.js';
import type { ServerAccess } from '../server/server-access.js';
import type { OwnStore } from '../stores/own-store.js';
import type { ServedStores } from '../stores/served-stores.js';
import { tellOnce } from '../tell-once.js';
import { endedBy } from './ended-by.js';
import { mendStudy } from './mend-study.js';
import { findOpen, openStudies, type OpenStudy } from './open-studies.js';
import { versionLeftBehind } from './outdated-shards.js';
import { startAnew } from './start-study.js';
import { StudyLooks } from './study-looks.js';
import { isOfNewerCode, isOfOtherCode } from './study-memo.js';

const LOOK_EVERY_MS = 5_000;

/** Of a study that does not say how it was being run. */
const USUAL = { window: DEFAULT_WINDOW, again: false, queue: SOLVE_QUEUE };

/** The stores of an orchestrator, which may come and go. */
export type KeptStores = Pick<ServedStores, 'list' | 'onNotice'>;

/**
 * Keeps the studies of some stores going with the workflow code of this program; docs/decisions/disposable-server.md. It starts
 * those anew that other code has begun, once for each store, and whenever that happens those whose history does not replay or
 * whose shards wait for solvers of an older numerical version that are gone.
 */
export class StudyKeeper {
  readonly #access: ServerAccess;
  readonly #stores: KeptStores;
  /** Identities of the stores whose studies run by code of this program. */
  readonly #taken = new Set<string>();
  readonly #tell: (line: string) => void;
  readonly #over = new AbortController();
  #client: Client | null = null;
  #looking: Promise<unknown> = Promise.resolve();

  private constructor(access: ServerAccess, stores: KeptStores) {
    this.#access = access;
    this.#stores = stores;
    this.#tell = tellOnce(stores.onNotice);
  }

  /** Has looked once when it resolves. What goes wrong is told, and tried again: it is no reason to start no orchestrator. */
  static async start(access: ServerAccess, stores: KeptStores): Promise<StudyKeeper> {
    const keeper = new StudyKeeper(access, stores);
    await keeper.#look();
    keeper.#looking = keeper.#watch();
    return keeper;
  }

  async close(): Promise<void> {
    this.#over.abort();
    await this.#looking;
    await this.#client?.connection.close();
  }

  async #watch(): Promise<void> {
    while (await pause(LOOK_EVERY_MS, this.#over.signal)) await this.#look();
  }

  async #look(): Promise<void> {
    for (const store of this.#stores.list) {
      try {
        const client = (this.#client ??= await connectClient(this.#access));
        await endedBy(this.#over.signal, client, () => this.#lookAt(client, store));
      } catch (error) {
        if (this.#over.signal.aborted) return;
        this.#tell(`The studies of ${store.url} cannot be looked after, trying again: ${(error as Error).message}`); // prettier-ignore
      }
    }
  }

  async #lookAt(client: Client, store: OwnStore): Promise<void> {
    const open = await openStudies(client, { storeId: store.id });
    const isNew = !this.#taken.has(store.id);
    for (const study of open.filter(({ isVersioned }) => !isVersioned)) {
      if (!isOfOtherCode(study.memo)) {
        await this.#mend(client, store, study);
        await this.#renew(client, store, study);
      } else if (isNew) await this.#takeOver(client, store, study);
    }
    this.#taken.add(store.id);
  }

  async #takeOver(client: Client, store: OwnStore, open: OpenStudy): Promise<void> {
    const name = versionName(open);
    if (isOfNewerCode(open.memo)) {
      this.#tell(`Version ${open.memo.version!} of ufm-sweep runs the study ${name}, to which it is left.`); // prettier-ignore
      return;
    }
    await startAnew(client, referenceTo(store, open), open, USUAL, {});
    this.#tell(`The study ${name} was begun by another version of ufm-sweep: started anew from what has landed.`); // prettier-ignore
  }

  async #mend(client: Client, store: OwnStore, open: OpenStudy): Promise<void> {
    const found = await mendStudy(client, referenceTo(store, open), USUAL);
    if (found === null) return;
    const { fault, isMended } = found;
    const what = isMended ? 'started anew from what has landed' : 'nothing more can be done here';
    this.#tell(
      `No worker could go on with the study ${versionName(open)}: ${what}. ${fault.message}`,
    );
  }

  async #renew(client: Client, store: OwnStore, { study, specHash }: OpenStudy): Promise<void> {
    const open = await findOpen(client, { store: store.url, storeId: store.id, study, specHash });
    if (open === null) return;
    const version = await versionLeftBehind(client, new StudyLooks(client), open.description);
    if (version === null) return;
    await startAnew(client, referenceTo(store, open), open, USUAL, {});
    this.#tell(`Shards of the study ${versionName(open)} waited for workers of numerical version ${version}, and none is left: started anew.`); // prettier-ignore
  }
}

function referenceTo(store: OwnStore, { study, specHash, memo }: OpenStudy) {
  return { store: memo.store || store.url, storeId: store.id, study, specHash };
}
