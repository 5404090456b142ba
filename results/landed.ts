import type { Status } from '../ufm/solution.js';
import { openDatabase } from './database.js';
import type { Problem } from './intact-files.js';
import type { Store } from './store.js';

/** What a store holds already. */
export interface Landed {
  /** Of every point that has a row its status, the best one where it has several. */
  readonly statuses: ReadonlyMap<string, Status>;
  /** Parts whose rows do not count, and why. */
  readonly problems: readonly Problem[];
}

/** Finds the points that have landed. Reads two columns of the parts, after checking all of their bytes. */
export async function landedKeys(store: Store): Promise<Landed> {
  const database = await openDatabase(store);
  try {
    const rows = await database.query<{ point_key: string; status: Status }>(
      'SELECT point_key, status FROM landed',
    );
    const statuses = new Map(rows.map(({ point_key, status }) => [point_key, status]));
    return { statuses, problems: database.problems };
  } finally {
    database.close();
  }
}
