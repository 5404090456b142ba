import { openDatabase } from '../../results/database.js';
import type { Store } from '../../results/store.js';
import { latestVersion } from '../../results/studies.js';
import { verifyStudy, type Verification } from '../../results/verify.js';
import { ufmSweep } from '../cli/command.js';
import type { Cluster } from './cluster.js';

/** What an undisturbed run finds: the objective of every point, by its key. */
export type Truth = ReadonlyMap<string, number>;

/** What is to be said of a study that faults have struck. */
export interface Verdict {
  /** Points without a row at the end, after a retry where what had landed was damaged. */
  readonly lost: number;
  /** Points with another value than without faults, or more than one row that counts. */
  readonly wrong: number;
  /** Points that a retry solved again. */
  readonly retried: number;
}

/** The objectives of a study, by point key. A row is a function of its instance, so they are equal bit by bit. */
export async function truthOf(store: Store, study: string): Promise<Truth> {
  const database = await openDatabase(store, (await latestVersion(store, study))!);
  try {
    const rows = await database.query<{ point_key: string; objective: number }>(
      `SELECT DISTINCT point_key, objective FROM results WHERE status = 'certified'`,
    );
    return new Map(rows.map(({ point_key, objective }) => [point_key, objective]));
  } finally {
    database.close();
  }
}

/**
 * Looks at a study that has ended. Where faults have damaged what had landed, `verify` has to say so and `retry` to
 * mend it, by solving exactly the points that are missing.
 *
 * @throws Error when the store is damaged although no fault has damaged it, or a retry does more or less than it should
 */
export async function judge(
  cluster: Cluster,
  study: string,
  truth: Truth,
  damaged: boolean,
): Promise<Verdict> {
  const before = await verifyStudy(cluster.store, study);
  const retried = before.ok ? 0 : await mend(cluster, study, before, damaged);
  const after = retried === 0 ? before : await verifyStudy(cluster.store, study);
  // Rounds that lacked rows asked for less than they should have: a retry goes on with those, too.
  const planned = after.points.expected - before.points.expected;
  if (retried > before.points.missing + planned && before.parts.misnamed.length === 0) {
    throw new Error(
      `${before.points.missing} points were missing, ${planned} were planned, and retry solved ${retried}`,
    );
  }
  const found = await truthOf(cluster.store, study);
  const differs = [...truth].filter(
    ([key, objective]) => (found.get(key) ?? objective) !== objective,
  );
  const { duplicate, contradicting } = after.points;
  return {
    lost: [...truth.keys()].filter((key) => !found.has(key)).length,
    wrong: differs.length + duplicate + contradicting + (after.ok ? 0 : 1),
    retried,
  };
}

async function mend(
  cluster: Cluster,
  study: string,
  { points, problems }: Verification,
  damaged: boolean,
): Promise<number> {
  if (!damaged) {
    throw new Error(`no fault has damaged the store, but: ${JSON.stringify({ points, problems })}`);
  }
  const { exitCode, stdout, stderr } = await ufmSweep(
    ['retry', study, '--store', cluster.storeFolder, '--engine', 'local', '--json'],
    { cwd: cluster.folder },
  );
  if (exitCode !== 0) throw new Error(`retry ended with ${exitCode}: ${stderr}`);
  const { points: counts } = JSON.parse(stdout) as { points: Record<'total' | 'cached', number> };
  return counts.total - counts.cached;
}
