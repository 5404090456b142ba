import type { Database } from '../results/database.js';
import { PARTS_FOLDER, plansFolder, type StudyVersion } from '../results/paths.js';
import type { Store } from '../results/store.js';

/** What the rows of a study say of how far it is and who solved it. */
export interface Landed {
  readonly points: {
    /** Points of the grids in all rounds planned so far. */
    readonly total: number;
    /** Those with a row that says `certified` or `uncertified`. */
    readonly done: number;
    /** Those whose row says `failed` or `diverged`. */
    readonly failed: number;
  };
  readonly devices: readonly DeviceShare[];
}

/** How many rows of a study a device has solved. */
export interface DeviceShare {
  readonly device: string;
  readonly points: number;
}

/** Counts the rows of a study. */
export async function readLanded(database: Database): Promise<Landed> {
  const [counts] = await database.query<Landed['points']>(`
    SELECT count(*) AS total,
      count(*) FILTER (status IN ('certified', 'uncertified')) AS done,
      count(*) FILTER (status IN ('failed', 'diverged')) AS failed
    FROM points LEFT JOIN landed USING (point_key)`);
  const devices = await database.query<DeviceShare>(`
    SELECT CASE WHEN backend = device THEN device ELSE backend || ' on ' || device END AS device,
      count(*) AS points
    FROM results GROUP BY ALL ORDER BY points DESC, device`);
  return { points: counts!, devices };
}

/**
 * Makes something of the files of a study, anew only when files have come or gone since.
 *
 * @returns a function that makes it, or gives back what it made the last time
 */
export function whenLanded<T>(
  store: Store,
  version: StudyVersion,
  make: () => Promise<T>,
): () => Promise<T> {
  let last: { readonly files: string; readonly made: T } | null = null;
  return async () => {
    const paths = await Promise.all([store.list(PARTS_FOLDER), store.list(plansFolder(version))]);
    const files = paths.flat().join('\n');
    if (last?.files !== files) last = { files, made: await make() };
    return last.made;
  };
}
