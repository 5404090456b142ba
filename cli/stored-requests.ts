import { openDatabase } from '../results/database.js';
import { INSTANCE_COLUMNS, instanceOfRow } from '../results/stored-instance.js';
import { instanceProblem } from '../study/instance-problem.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import type { InstanceRequest } from './instance-lines.js';
import { warn } from './output.js';
import { findStudy } from './study-name.js';

/**
 * The points of a study's rows that a condition holds for, with their keys as ids.
 *
 * @throws Failure (bad usage) when there is no such study, or the condition is no SQL about `results`; Failure when a row
 *   has values that no study has.
 */
export async function storedRequests(
  storeUrl: string,
  name: string,
  condition: string,
): Promise<InstanceRequest[]> {
  const { store, reference } = await findStudy(storeUrl, name);
  const database = await openDatabase(store, reference);
  try {
    for (const { path, reason } of database.problems) warn(`${path} is left out: ${reason}`);
    const columns = ['point_key', ...INSTANCE_COLUMNS].map((column) => `"${column}"`).join(', ');
    // A point of two grids is one point: DISTINCT.
    const sql = `SELECT DISTINCT ${columns} FROM results WHERE (${condition}) ORDER BY point_key`;
    const rows = await database.ask(sql).catch((error: unknown) => {
      throw new Failure(`--where ${condition}: ${(error as Error).message}`, EXIT.badUsage);
    });
    return rows.map((row) => {
      const instance = instanceOfRow(row);
      const problem = instanceProblem(instance);
      if (problem !== null)
        throw new Failure(`the row of point ${String(row['point_key'])} is none: ${problem}`);
      const clusters = instance.clusters.map(([classes], place) => ({ classes, place }));
      return { id: JSON.stringify(row['point_key']), clusters, instance };
    });
  } finally {
    database.close();
  }
}
