import { readLanded, whenLanded, type Landed } from '../live/landed.js';
import { ServerLink } from '../live/server-link.js';
import { StudyMonitor } from '../live/study-monitor.js';
import { openDatabase } from '../results/database.js';
import type { Trusted } from '../results/intact-files.js';
import type { Store } from '../results/store.js';
import type { StudyReference } from '../study/orchestration.js';

/** Looks at studies of a store. They share a connection with its server, and what was found intact. */
export interface Monitors {
  /** For one look. */
  once(reference: StudyReference): StudyMonitor;
  /** For many: the rows are read anew only when there are others. */
  following(reference: StudyReference): StudyMonitor;
}

/**
 * Has studies of a store looked at for as long as something is done.
 *
 * @param address of a Temporal server; undefined for the configured one, or that of a `run` under way
 */
export async function withMonitors<T>(
  store: Store,
  address: string | undefined,
  act: (monitors: Monitors) => Promise<T>,
): Promise<T> {
  const link = new ServerLink(store.url, address ?? null);
  const trusted: Trusted = new Map();
  const landedOf = (reference: StudyReference) => async (): Promise<Landed> => {
    const database = await openDatabase(store, reference, { trusted });
    try {
      return await readLanded(database);
    } finally {
      database.close();
    }
  };
  try {
    return await act({
      once: (reference) => new StudyMonitor(reference, link, landedOf(reference)),
      following: (reference) =>
        new StudyMonitor(reference, link, whenLanded(store, reference, landedOf(reference))),
    });
  } finally {
    await link.close();
  }
}
