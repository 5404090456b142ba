import type { Database } from './database.js';

/** How much of a study has not landed yet. */
export interface MissingCount {
  /** Points of the grids in all rounds planned so far. */
  readonly planned: number;
  /** Those without a row. */
  readonly missing: number;
}

/** @param database of a study */
export async function countMissing(database: Database): Promise<MissingCount> {
  const [count] = await database.query<MissingCount>(`
    SELECT (SELECT count(*) FROM points) AS planned,
      (SELECT count(*) FROM points ANTI JOIN entries USING (point_key)) AS missing`);
  return count!;
}
