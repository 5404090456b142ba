import { canonicalJson } from '../study/key.js';
import type { PlannedPoint } from '../study/study.js';
import type { ColumnShape, ColumnValue } from './arrow-values.js';
import { decodeParquet, encodeParquet, type Selection } from './parquet.js';

/**
 * The columns of a plan file. Coordinates and instances are JSON, which DuckDB's functions reach into; canonical, so
 * that equal ones are equal texts.
 */
export const PLAN_COLUMNS = [
  { name: 'point_key', type: 'utf8', nullable: false },
  { name: 'grid', type: 'utf8', nullable: false },
  { name: 'coordinates', type: 'utf8', nullable: false },
  { name: 'instance', type: 'utf8', nullable: false },
  { name: 'round', type: 'int32', nullable: false },
  { name: 'shard', type: 'int32', nullable: false },
] as const satisfies readonly ColumnShape[];

/** The shard of points that nobody has to solve, since they had landed. */
export const CACHED = -1;

/**
 * One round of planning as a sealed Parquet file. Row group i is shard i; the cached points follow in the last one.
 * Equal points give equal bytes.
 *
 * @throws Error when the shards are not numbered 0, 1, 2, ... without a gap.
 */
export function encodePlan(points: readonly PlannedPoint[]): Uint8Array {
  const groups = new Map<number, PlannedPoint[]>();
  for (const point of points) {
    const group = groups.get(point.shard);
    if (group === undefined) groups.set(point.shard, [point]);
    else group.push(point);
  }
  const cached = groups.get(CACHED);
  groups.delete(CACHED);
  const shards = Array.from({ length: groups.size }, (_, shard) => {
    const group = groups.get(shard);
    if (group === undefined)
      throw new Error(`the plan has ${groups.size} shards, but none has number ${shard}`);
    return group;
  });
  return encodeParquet(PLAN_COLUMNS, [...shards, ...(cached ? [cached] : [])].map(planColumns));
}

/**
 * The points of one shard, in the order of the plan, without decoding the others.
 *
 * @throws DamagedFileError when a byte is not as it was written; Error when there is no such shard.
 */
export function readPlanShard(bytes: Uint8Array, shard: number): PlannedPoint[] {
  const points = decodePlan(bytes, { rowGroup: shard });
  if (points[0]?.shard !== shard) throw new Error(`the plan has no shard ${shard}`);
  return points;
}

/**
 * Every point of the round, cached ones last.
 *
 * @throws DamagedFileError when a byte is not as it was written.
 */
export function readPlan(bytes: Uint8Array): PlannedPoint[] {
  return decodePlan(bytes);
}

interface PlanRow {
  readonly point_key: string;
  readonly grid: string;
  readonly coordinates: string;
  readonly instance: string;
  readonly round: number;
  readonly shard: number;
}

function decodePlan(bytes: Uint8Array, selection: Selection = {}): PlannedPoint[] {
  const rows = decodeParquet(bytes, PLAN_COLUMNS, selection) as unknown as PlanRow[];
  return rows.map(({ point_key, grid, coordinates, instance, round, shard }) => ({
    key: point_key,
    grid,
    coordinates: JSON.parse(coordinates) as PlannedPoint['coordinates'],
    instance: JSON.parse(instance) as PlannedPoint['instance'],
    round,
    shard,
  }));
}

function planColumns(points: readonly PlannedPoint[]): ColumnValue[][] {
  return [
    points.map(({ key }) => key),
    points.map(({ grid }) => grid),
    points.map(({ coordinates }) => canonicalJson(coordinates)),
    points.map(({ instance }) => canonicalJson(instance)),
    points.map(({ round }) => round),
    points.map(({ shard }) => shard),
  ];
}
