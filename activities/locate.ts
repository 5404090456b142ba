import { slicesOf, type Slice } from '../analysis/slices.js';
import { transitionsOf, type PhasePoint } from '../analysis/transitions.js';
import type { Database } from '../results/database.js';
import { AXES } from '../study/axes.js';
import { refine } from '../study/bracket.js';
import { instanceAt } from '../study/expand.js';
import { ImpossibleInstance } from '../study/impossible.js';
import type { Coordinates, Grid, Locate, Study } from '../study/study.js';
import type { WantedPoint } from './survey.js';

/** Values that a round asks for in each bracket: it narrows by a factor of five for the latency of one. */
const POINTS_PER_ROUND = 4;

/** A point of an earlier round, with what its row says of the phase. */
interface ObservedPoint extends PhasePoint {
  readonly coordinates: Coordinates;
  readonly x: number;
}

/**
 * The points that bracket transitions more closely, of every grid with `locate`: for each slice, each transition of
 * it and each seed. Those that an earlier run planned for this round are among them, whatever has landed since.
 *
 * @param round >= 1; only rows of points that an earlier round planned count
 * @param database of the study
 */
export async function locatePoints(
  study: Study,
  round: number,
  database: Database,
): Promise<WantedPoint[]> {
  const wanted: WantedPoint[] = [];
  for (const grid of study.grids) {
    if (grid.locate === null) continue;
    const observed = await observedPoints(study, grid, grid.locate, round, database);
    const slices = slicesOf(grid, grid.locate.along, observed);
    const places = new Map(
      [
        ...(await plannedCoordinates(grid, round, database)),
        ...slices.flatMap((slice) => refinedCoordinates(slice, grid.locate!)),
      ].map((coordinates) => [JSON.stringify(coordinates), coordinates]),
    );
    // Sorted, so that a round that was planned in part is planned again as the same plan.
    const inOrder = [...places].sort(([a], [b]) => (a < b ? -1 : 1));
    wanted.push(...inOrder.flatMap(([, place]) => pointsAt(study, grid, place)));
  }
  return wanted;
}

/** Coordinates of every seed of the slice at the values where its transitions are to be observed next. */
function refinedCoordinates(
  { points }: Slice<ObservedPoint>,
  { along, tolerance }: Locate,
): Coordinates[] {
  const refinement = {
    tolerance,
    integer: AXES[along].scale === 'integer',
    pointsPerRound: POINTS_PER_ROUND,
  };
  // Clusters merge where their sample counts meet, so the most detailed point names the transitions.
  const detailed = points.reduce((a, b) => (b.clusters.length > a.clusters.length ? b : a));
  const values = new Set(
    transitionsOf(detailed.clusters).flatMap((transition) =>
      refine(
        points.map((point) => ({ value: point.x, reached: transition.collapsed(point) })),
        refinement,
      ),
    ),
  );
  const bySeed = new Map(points.map(({ coordinates }) => [coordinates.seed, coordinates]));
  return [...values].flatMap((value) =>
    [...bySeed.values()].map((coordinates) => ({ ...coordinates, [along]: value })),
  );
}

/** Every point of the rounds before, ascending by its place in the plans; one without a row is undecided. */
async function observedPoints(
  study: Study,
  grid: Grid,
  { along }: Locate,
  round: number,
  database: Database,
): Promise<ObservedPoint[]> {
  const rows = await database.query<{
    coordinates: string;
    collapsed: (boolean | null)[] | null;
    mean_collapsed: boolean | null;
  }>(
    `SELECT coordinates, collapsed, mean_collapsed FROM points LEFT JOIN landed USING (point_key)
     WHERE grid = $1 AND round < $2 ORDER BY round, coordinates`,
    [grid.name, round],
  );
  return rows.map((row) => {
    const coordinates = JSON.parse(row.coordinates) as Coordinates;
    return {
      coordinates,
      x: coordinates[along] as number,
      clusters: instanceAt(study, coordinates).clusters,
      collapsed: row.collapsed,
      meanCollapsed: row.mean_collapsed,
      contrasts: null,
      nuclearNorm: null,
      singularValues: null,
    };
  });
}

async function plannedCoordinates(
  grid: Grid,
  round: number,
  database: Database,
): Promise<Coordinates[]> {
  const rows = await database.query<{ coordinates: string }>(
    'SELECT coordinates FROM points WHERE grid = $1 AND round = $2 ORDER BY coordinates',
    [grid.name, round],
  );
  return rows.map(({ coordinates }) => JSON.parse(coordinates) as Coordinates);
}

/** None where rounding leaves no instance: such a place cannot be observed. */
function pointsAt(study: Study, grid: Grid, coordinates: Coordinates): WantedPoint[] {
  try {
    return [{ grid: grid.name, coordinates, instance: instanceAt(study, coordinates) }];
  } catch (error) {
    if (error instanceof ImpossibleInstance) return [];
    throw error;
  }
}
