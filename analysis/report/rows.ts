import type { Database } from '../../results/database.js';
import type { Grid } from '../../study/study.js';
import { clustersOf } from '../rows.js';
import type { Bin, GramPoint, Provenance, TroubledPoint } from './data.js';

/** More points without a certificate than this are counted, and not listed. */
const MOST_TROUBLED = 50;
/** Bars a decade of a histogram. */
const BINS_PER_DECADE = 4;

const HISTOGRAMS = ['relative_gap', 'seconds'] as const;

const PROVENANCE: readonly (readonly [label: string, expression: string])[] = [
  ['Program version', 'code_version'],
  ['Numerical version', 'numerical_version'],
  ['Solver', 'solver'],
  ['Form', 'form'],
  ['Backend', "backend || ' on ' || device"],
  ['Seed', 'seed'],
];

/**
 * Counts the rows of the study by all that the histograms and the provenance ask for, as the table `tallies`: one scan of
 * a million rows in place of eight.
 */
export async function tally(database: Database): Promise<void> {
  const bins = HISTOGRAMS.map(
    (column) =>
      `CASE WHEN ${column} > 0 THEN floor(${BINS_PER_DECADE} * log10(${column})) END AS ${column}_bin`,
  );
  const origins = PROVENANCE.map(
    ([label, expression]) => `coalesce((${expression})::VARCHAR, 'none') AS "${label}"`,
  );
  await database.query(
    `CREATE OR REPLACE TABLE tallies AS
     SELECT ${[...bins, ...origins].join(', ')}, count(*) AS rows FROM results GROUP BY ALL`,
  );
}

/**
 * A histogram of one column with bars of equal width on a logarithmic axis; zeros are left out.
 *
 * @param database with its rows tallied
 */
export async function histogram(
  database: Database,
  column: (typeof HISTOGRAMS)[number],
): Promise<Bin[]> {
  const rows = await database.query<{ bin: number; count: number }>(
    `SELECT ${column}_bin AS bin, sum(rows)::BIGINT AS count
     FROM tallies WHERE bin IS NOT NULL GROUP BY bin ORDER BY bin`,
  );
  return rows.map(({ bin, count }) => ({
    low: 10 ** (bin / BINS_PER_DECADE),
    high: 10 ** ((bin + 1) / BINS_PER_DECADE),
    count,
  }));
}

/** The first points that are not certified, the worst first. */
export function troubledPoints(database: Database): Promise<TroubledPoint[]> {
  return database.query<TroubledPoint>(
    `SELECT grid, coordinates, status, relative_gap AS "relativeGap", message, point_key AS key
     FROM results WHERE status <> 'certified'
     ORDER BY list_position(['failed', 'diverged', 'uncertified'], status), relative_gap DESC, grid, coordinates
     LIMIT ${MOST_TROUBLED}`,
  );
}

/**
 * Which programs, solvers, devices and seeds the rows come from.
 *
 * @param database with its rows tallied
 */
export function provenanceOf(database: Database): Promise<Provenance[]> {
  return Promise.all(
    PROVENANCE.map(async ([label]) => ({
      label,
      values: await database.query<{ value: string; rows: number }>(
        `SELECT "${label}" AS value, sum(rows)::BIGINT AS rows
         FROM tallies GROUP BY value ORDER BY rows DESC, value LIMIT 12`,
      ),
    })),
  );
}

interface GramRow {
  readonly point_key: string;
  readonly coordinates: string;
  readonly cluster_classes: readonly number[];
  readonly cluster_samples: readonly number[];
  readonly cos_w: readonly (number | null)[];
  readonly cos_h: readonly (number | null)[];
  readonly cos_z: readonly (number | null)[];
}

/** The first and the last point of a grid that have angles, by the place in the grid. */
export async function gramPoints(database: Database, grid: Grid): Promise<GramPoint[]> {
  const varied = [...new Set(grid.axes.flatMap(({ names }) => names))];
  // Coordinates are numbers first of all, and those do not sort as texts.
  const order = varied.map((name) => `TRY_CAST(coordinates ->> '${name}' AS DOUBLE)`);
  // The rows are wide: the two are found by what orders them, and only then read.
  const ends = ['ASC', 'DESC'].map(
    (direction) =>
      `(SELECT coordinates FROM results WHERE grid = $1 AND cos_z IS NOT NULL
        ORDER BY ${[...order, 'coordinates'].map((key) => `${key} ${direction}`).join(', ')} LIMIT 1)`,
  );
  const rows = await database.query<GramRow>(
    `SELECT point_key, coordinates, cluster_classes, cluster_samples, cos_w, cos_h, cos_z FROM results
     WHERE grid = $1 AND coordinates IN (${ends.join(' UNION ')})
     ORDER BY ${order.join(', ') || 'coordinates'}`,
    [grid.name],
  );
  return rows.map((row) => {
    const coordinates = JSON.parse(row.coordinates) as Record<string, unknown>;
    return {
      grid: grid.name,
      place: varied
        .filter((name) => name !== 'seed')
        .map((name) => `${name}=${shortValue(coordinates[name])}`)
        .join(', '),
      key: row.point_key,
      clusters: clustersOf(row),
      cosines: { W: row.cos_w, H: row.cos_h, Z: row.cos_z },
    };
  });
}

/** A coordinate without the digits that arithmetic left in it. */
function shortValue(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : JSON.stringify(value);
}
