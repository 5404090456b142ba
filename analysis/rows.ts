import type { Database } from '../results/database.js';
import { PROBLEM_COLUMNS, problemOfRow } from '../results/stored-instance.js';
import type { PlainRow } from '../results/plain-row.js';
import { quote } from '../results/views.js';
import type { Cluster } from '../study/instance.js';
import { heldNames } from '../study/slice.js';
import type { AxisName, Coordinates, Grid } from '../study/study.js';
import type { Status } from '../ufm/solution.js';
import { QUANTITIES, type LimitPoint, type Quantity } from './large-samples.js';
import type { TransitionPoint } from './slices.js';
import type { PointCounts, VariabilitySummary } from './summary.js';

/** The one place where columns of the results become what the analysis computes with. */

type Table<T> = readonly (T | null)[] | null;

interface TransitionRow extends PlainRow {
  readonly point_key: string;
  readonly coordinates: string;
  readonly lambda: number;
  readonly lambda_b: number | null;
  readonly contrasts: Table<number>;
  readonly collapsed: Table<boolean>;
  readonly mean_collapsed: boolean | null;
  readonly nuclear_norm: number | null;
  readonly singular_values: readonly number[] | null;
  readonly objective: number | null;
  readonly relative_gap: number | null;
}

interface ClusterColumns {
  readonly cluster_classes: readonly number[] | null;
  readonly cluster_samples: readonly number[] | null;
}

/** A planned point, its row null where none has landed. */
interface LimitRow extends ClusterColumns, PlainRow, Readonly<Record<Quantity, number | null>> {
  readonly coordinates: string;
  readonly lambda_w: number | null;
  readonly lambda_h: number | null;
  readonly lambda_b: number | null;
  readonly status: Status | null;
  readonly rank: number | null;
  readonly collapsed: Table<boolean>;
  readonly mean_collapsed: boolean | null;
}

/**
 * The points of a grid for the search of transitions along an axis, slice after slice: a grid may have a million
 * points, of which only one slice is in memory. DuckDB keeps the word `lambda` to itself.
 */
export async function* transitionPoints(
  database: Database,
  grid: Grid,
  along: AxisName,
): AsyncGenerator<TransitionPoint> {
  const slice = heldNames(grid, along).map((name) => `coordinates -> '${name}'`);
  const batches = database.batches<TransitionRow>(
    `SELECT point_key, coordinates, ${PROBLEM_COLUMNS.join(', ')}, "lambda", lambda_b, contrasts, collapsed,
       mean_collapsed, list_sum(singular_values) AS nuclear_norm, objective, relative_gap,
       CASE WHEN len(cluster_classes) > 2 THEN singular_values END AS singular_values
     FROM results WHERE grid = ${quote(grid.name)} ORDER BY ${[...slice, 'round', 'coordinates'].join(', ')}`,
  );
  for await (const rows of batches) {
    for (const row of rows) yield transitionPoint(row, along);
  }
}

/** How many points of a grid have landed. */
export async function countLanded(database: Database, grid: Grid): Promise<number> {
  const [count] = await database.query<{ points: number }>(
    'SELECT count(*) AS points FROM results WHERE grid = $1',
    [grid.name],
  );
  return count!.points;
}

function transitionPoint(row: TransitionRow, along: AxisName): TransitionPoint {
  const coordinates = JSON.parse(row.coordinates) as Coordinates;
  return {
    key: row.point_key,
    coordinates,
    x: coordinates[along] as number,
    ...problemOfRow(row),
    lambda: row.lambda,
    lambdaB: row.lambda_b,
    contrasts: row.contrasts,
    collapsed: row.collapsed,
    meanCollapsed: row.mean_collapsed,
    nuclearNorm: row.nuclear_norm,
    singularValues: row.singular_values,
    objective: row.objective,
    relativeGap: row.relative_gap,
  };
}

/** Every planned point of a grid for the search of limits along an axis. */
export async function limitPoints(
  database: Database,
  grid: string,
  along: AxisName,
): Promise<LimitPoint[]> {
  const rows = await database.query<LimitRow>(
    `SELECT coordinates, ${PROBLEM_COLUMNS.join(', ')}, lambda_w, lambda_h, lambda_b, status, rank,
       collapsed, mean_collapsed, ${QUANTITIES.join(', ')}
     FROM points LEFT JOIN landed USING (point_key) WHERE grid = $1 ORDER BY round, coordinates`,
    [grid],
  );
  return rows.map((row) => {
    const coordinates = JSON.parse(row.coordinates) as Coordinates;
    return {
      coordinates,
      x: coordinates[along] as number,
      clusters: clustersOf(row),
      problem:
        row.cluster_classes === null
          ? null
          : {
              ...problemOfRow(row),
              lambdaW: row.lambda_w!,
              lambdaH: row.lambda_h!,
              lambdaB: row.lambda_b,
            },
      certified: row.status === 'certified',
      rank: row.rank,
      collapsed: row.collapsed,
      meanCollapsed: row.mean_collapsed,
      quantities: Object.fromEntries(QUANTITIES.map((name) => [name, row[name]])) as Record<
        Quantity,
        number | null
      >,
    };
  });
}

/** How many points the study has planned, and how those that have landed ended. */
export async function countPoints(database: Database): Promise<PointCounts> {
  const rows = await database.query<{ status: Status | null; count: number }>(
    `SELECT status, count(DISTINCT point_key) AS count
     FROM points LEFT JOIN landed USING (point_key) GROUP BY status`,
  );
  const count = (status: Status | null): number =>
    rows.find((row) => row.status === status)?.count ?? 0;
  return {
    planned: rows.reduce((sum, row) => sum + row.count, 0),
    missing: count(null),
    certified: count('certified'),
    uncertified: count('uncertified'),
    diverged: count('diverged'),
    failed: count('failed'),
  };
}

/** NC1 of the certified per-sample points of each grid. */
export function variabilityOfGrids(database: Database): Promise<VariabilitySummary[]> {
  return database.query<VariabilitySummary>(
    `SELECT grid, count(*) AS points,
       median(within_class_variability) AS median,
       max(within_class_variability) AS largest,
       median(within_class_variability_pinv) AS "medianPinv",
       max(within_class_variability_pinv) AS "largestPinv"
     FROM results WHERE status = 'certified' AND within_class_variability IS NOT NULL
     GROUP BY grid ORDER BY grid`,
  );
}

/** `[[classes, samples], ...]` of a row; empty where none has landed. */
export function clustersOf({ cluster_classes, cluster_samples }: ClusterColumns): Cluster[] {
  return (cluster_classes ?? []).map((classes, j) => [classes, cluster_samples![j]!]);
}
