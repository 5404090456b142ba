import { createRequire } from 'node:module';
import { Piscina } from 'piscina';
import { openStore } from '../results/open-store.js';
import { latestPath } from '../results/paths.js';
import type { Store } from '../results/store.js';
import { listStudies } from '../results/studies.js';
import { referenceTo } from '../results/study-reference.js';
import { versionsLike } from '../results/study-versions.js';
import type { StudyReference } from '../study/orchestration.js';
import { whenLanded } from './landed.js';
import type { StudyList } from './messages.js';
import type { LandedReport } from './report-thread.js';
import { ServerLink } from './server-link.js';
import { StudyMonitor } from './study-monitor.js';

/** The studies of a store, each followed from when somebody first looks at it. */
export class LiveStudies {
  readonly store: Store;
  readonly #link: ServerLink;
  readonly #monitors = new Map<string, StudyMonitor<LandedReport>>();
  readonly #reports = new Piscina({
    // What is built, also under a test runner that compiles on the fly: a thread starts from a file.
    filename: createRequire(import.meta.url).resolve('#report-thread'),
    // Ready before it is wanted: its libraries take a second to load.
    minThreads: 1,
    maxThreads: 1,
    idleTimeout: Infinity,
  });

  /**
   * @param store absolute folder or URL of the store
   * @param address of a Temporal server; null for the configured one, or that of a `run` under way
   */
  constructor(store: string, address: string | null) {
    this.store = openStore(store);
    this.#link = new ServerLink(store, address);
  }

  /** The latest version of each study, with whether it is under way; and what hides others. */
  async list(): Promise<StudyList> {
    const { versions, problems } = await listStudies(this.store);
    const studies = await Promise.all(
      versions.map(async (version) => {
        const monitor = this.#monitor(await referenceTo(this.store, version));
        const { engine } = await monitor.run();
        return { name: version.study, underWay: engine !== null };
      }),
    );
    return { store: this.store.url, studies, problems: problems.map(({ reason }) => reason) };
  }

  /**
   * A study by its name, in its latest version, or as `NAME@HASH`; null when the store has none of this name, or not one.
   *
   * @throws Error when it cannot be told which the latest is
   */
  async find(name: string): Promise<StudyMonitor<LandedReport> | null> {
    // Only names that the store lists are looked up: what comes from outside makes no path.
    const [, study, digits] = /^([^@]+)@([0-9a-f]+)$/.exec(name) ?? [];
    if (study !== undefined && digits !== undefined) {
      const [version, ...more] = await versionsLike(this.store, study, digits);
      const isOne = version !== undefined && more.length === 0;
      return isOne ? this.#monitor(await referenceTo(this.store, version)) : null;
    }
    const { versions, problems } = await listStudies(this.store);
    const problem = problems.find(({ path }) => path === latestPath(name));
    if (problem !== undefined) throw new Error(problem.reason);
    const known = versions.find(({ study }) => study === name);
    return known === undefined ? null : this.#monitor(await referenceTo(this.store, known));
  }

  async close(): Promise<void> {
    await Promise.all([this.#reports.destroy(), this.#link.close()]);
  }

  #monitor(reference: StudyReference): StudyMonitor<LandedReport> {
    const key = `${reference.study}/${reference.specHash}`;
    let monitor = this.#monitors.get(key);
    if (monitor === undefined) {
      const landed = whenLanded(
        this.store,
        reference,
        () => this.#reports.run(reference) as Promise<LandedReport>,
      );
      monitor = new StudyMonitor(reference, this.#link, landed);
      this.#monitors.set(key, monitor);
    }
    return monitor;
  }
}
