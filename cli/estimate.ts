import type { Database } from '../results/database.js';
import type { Point } from '../study/study.js';
import { classCount, type Instance } from '../study/instance.js';

/**
 * Seconds that solving takes, from the median of the rows of the store that are alike (solver, form, number of
 * classes); null when there is a point without any row like it.
 *
 * @param threads how many points are solved at the same time
 */
export async function estimateSeconds(
  points: readonly Point[],
  database: Database,
  threads: number,
): Promise<number | null> {
  const rows = await database.query<{ kind: string; seconds: number }>(
    `SELECT concat_ws(' ', solver, form, classes) AS kind, median(seconds) AS seconds FROM parts GROUP BY kind`,
  );
  const measured = new Map(rows.map(({ kind, seconds }) => [kind, seconds]));
  let total = 0;
  for (const { instance } of points) {
    const seconds = measured.get(kindOf(instance));
    if (seconds === undefined) return null;
    total += seconds;
  }
  return total / threads;
}

function kindOf({ solver, form, clusters }: Instance): string {
  return `${solver} ${form} ${classCount(clusters)}`;
}
