import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../../results/database.js';
import { LandedIndex } from '../../results/landed-index.js';
import { openStore } from '../../results/open-store.js';

/** What it takes to look a batch of keys up in a store of so many rows. */
export interface LookupRun {
  readonly rows: number;
  readonly keys: number;
  readonly cpuSeconds: number;
}

/** As many as a survey looks up at once. */
const KEYS = 8192;
const REPEATS = 5;

/** Looks keys up, of which none has landed, in an index of keys that are made up. */
export async function lookupRun(rows: number): Promise<LookupRun> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-capacity-'));
  const database = await openDatabase(openStore(folder));
  try {
    await database.query(
      `CREATE TABLE landed_index AS SELECT sha256(i::VARCHAR) AS point_key, 'certified' AS status FROM range(${rows}) t(i)`,
    );
    const index = await LandedIndex.of(database);
    const wanted = await database.query<{ key: string }>(
      `SELECT sha256('absent ' || i) AS key FROM range(${KEYS}) t(i)`,
    );
    const keys = wanted.map(({ key }) => key);
    await index.statusesOf(keys);
    const before = process.cpuUsage();
    for (let i = 0; i < REPEATS; i += 1) {
      if ((await index.statusesOf(keys)).size > 0) throw new Error('a key that is not there is found'); // prettier-ignore
    }
    const { user, system } = process.cpuUsage(before);
    return { rows, keys: KEYS, cpuSeconds: (user + system) / 1e6 / REPEATS };
  } finally {
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
}
