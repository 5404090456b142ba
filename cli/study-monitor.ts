import { readLanded, whenLanded } from '../live/landed.js';
import { ServerLink } from '../live/server-link.js';
import { StudyMonitor } from '../live/study-monitor.js';
import { openDatabase } from '../results/database.js';
import type { Trusted } from '../results/intact-files.js';
import type { NamedStudy } from './study-name.js';

/**
 * Follows a study for as long as something is done with it.
 *
 * @param address of a Temporal server; undefined for the configured one, or that of a `run` under way
 */
export async function withMonitor<T>(
  { store, reference }: NamedStudy,
  address: string | undefined,
  act: (monitor: StudyMonitor) => Promise<T>,
): Promise<T> {
  const link = new ServerLink(reference.store, address ?? null);
  const trusted: Trusted = new Map();
  const landed = whenLanded(store, reference, async () => {
    const database = await openDatabase(store, reference, { trusted });
    try {
      return await readLanded(database);
    } finally {
      database.close();
    }
  });
  try {
    return await act(new StudyMonitor(reference, link, landed));
  } finally {
    await link.close();
  }
}
