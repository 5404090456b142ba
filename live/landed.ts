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

/** Points of a study that have ended alike, on one device. Both null: those without a row. */
interface Group {
  readonly ended: 'done' | 'failed' | null;
  readonly device: string | null;
  readonly points: number;
}

/** Counts the rows of a study: in one query, since joining a million points to their rows takes seconds. */
export async function readLanded(database: Database): Promise<Landed> {
  const groups = await database.query<Group>(`
    SELECT CASE WHEN status IN ('certified', 'uncertified') THEN 'done'
        WHEN status IN ('failed', 'diverged') THEN 'failed' END AS ended,
      CASE WHEN backend = device THEN device ELSE backend || ' on ' || device END AS device,
      count(*) AS points
    FROM points LEFT JOIN landed USING (point_key) GROUP BY ALL`);
  const devices = [...new Set(groups.flatMap(({ device }) => device ?? []))].map((device) => ({
    device,
    points: sumOf(groups.filter((group) => group.device === device)),
  }));
  return {
    points: {
      total: sumOf(groups),
      done: sumOf(groups.filter(({ ended }) => ended === 'done')),
      failed: sumOf(groups.filter(({ ended }) => ended === 'failed')),
    },
    devices: devices.sort((a, b) => b.points - a.points || (a.device < b.device ? -1 : 1)),
  };
}

function sumOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { points }) => sum + points, 0);
}

/**
 * Makes something of the files of a study, anew only when files have come, changed or gone since.
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
    const folders = [PARTS_FOLDER, plansFolder(version)].map((folder) => store.details(folder));
    const found = (await Promise.all(folders)).flatMap((details) => [...details]);
    const files = found.map(([path, { version }]) => `${path} ${version}`).join('\n');
    if (last?.files !== files) last = { files, made: await make() };
    return last.made;
  };
}
