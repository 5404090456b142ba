import type { StudyReference } from '../study/orchestration.js';
import type { Landed } from './landed.js';
import { Paced } from './paced.js';
import { NO_SPEED, RateMeter } from './rate.js';
import { viewRun, type RunView } from './run-view.js';
import type { ServerLink } from './server-link.js';
import { statusOf, type StudyStatus } from './status.js';

/** No point in asking more often than somebody can read. */
const RUN_EVERY_MS = 400;
const LANDED_EVERY_MS = 1500;

/** What can be asked of a study that a server runs. */
export const ACTIONS = ['pause', 'resume', 'cancel'] as const;

export type Action = (typeof ACTIONS)[number];

/** Follows one study. It does nothing by itself: whoever looks keeps it up to date. */
export class StudyMonitor<L extends Landed = Landed> {
  readonly #reference: StudyReference;
  readonly #link: ServerLink;
  readonly #run: Paced<RunView>;
  readonly #landed: Paced<L>;
  readonly #meter = new RateMeter();

  /** @param landed reads the rows of the study, or something that comes of them */
  constructor(reference: StudyReference, link: ServerLink, landed: () => Promise<L>) {
    this.#reference = reference;
    this.#link = link;
    this.#run = new Paced(() => viewRun(link, reference), RUN_EVERY_MS);
    this.#landed = new Paced(landed, LANDED_EVERY_MS);
  }

  /** What runs the study, and whether it can be controlled. */
  run(): Promise<RunView> {
    return this.#run.get();
  }

  /** How far the study is. The rows are read only when nobody who runs it tells. */
  async status(): Promise<StudyStatus> {
    const run = await this.#run.get();
    return this.#put(run, run.progress === null ? await this.#landed.get() : null);
  }

  /** As `status`, with what the rows say as soon as they have been read, in the background. */
  async follow(): Promise<{ readonly status: StudyStatus; readonly landed: L | null }> {
    const run = await this.#run.get();
    const landed = run.progress === null ? await this.#landed.get() : this.#landed.refresh();
    return { status: this.#put(run, landed), landed };
  }

  /** The newest of what the rows say. */
  landed(): Promise<L> {
    return this.#landed.get();
  }

  /** @throws Error when no server runs the study */
  async act(action: Action): Promise<void> {
    const { uncontrollable } = await this.#run.get();
    if (uncontrollable !== null) throw new Error(uncontrollable);
    const client = await this.#link.client();
    await client![action](this.#reference);
    this.#run.expire();
  }

  #put(run: RunView, landed: L | null): StudyStatus {
    const speed =
      run.progress === null ? NO_SPEED : this.#meter.measure(run.progress, performance.now());
    return statusOf(this.#reference.study, run, landed, speed);
  }
}
