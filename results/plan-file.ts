import { canonicalJson } from '../study/key.js';
import type { PlannedPoint } from '../study/study.js';
import type { ColumnShape, ColumnValue } from './arrow-values.js';
import { DamagedFileError } from './checksum.js';
import { decodeParquet, encodeParquet } from './parquet.js';

/**
 * The columns of a plan file. Coordinates and instances are JSON, which DuckDB's functions reach into; canonical, so
 * that equal ones are equal texts.
 */
export const PLAN_COLUMNS = [
  { name: 'point_key', type: 'utf8', nullable: false, distinct: true },
  { name: 'grid', type: 'utf8', nullable: false },
  { name: 'coordinates', type: 'utf8', nullable: false, distinct: true },
  { name: 'instance', type: 'utf8', nullable: false, distinct: true },
  { name: 'round', type: 'int32', nullable: false },
  { name: 'shard', type: 'int32', nullable: false },
] as const satisfies readonly ColumnShape[];

/** The shard of points that nobody has to solve, since they had landed. */
export const CACHED = -1;

/**
 * How many shards a file of a plan holds. A plan of one file would be read and hashed as a whole for every shard; one
 * of a file a shard would leave thousands of files.
 */
export const SHARDS_PER_PAGE = 8;

/** A point of a shard, as it goes to a solver thread: the instance is canonical JSON, which costs little to hand on. */
export interface ShardPoint {
  readonly key: string;
  readonly instance: string;
}

/**
 * One page of a plan as a sealed Parquet file: a row group a shard, and the cached points in the last one. Equal
 * points give equal bytes.
 *
 * @throws Error when the shards are not numbered without a gap.
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
  const first = Math.min(...groups.keys());
  const shards = Array.from({ length: groups.size }, (_, index) => {
    const group = groups.get(first + index);
    if (group === undefined)
      throw new Error(`the plan has ${groups.size} shards, but none has number ${first + index}`);
    return group;
  });
  return encodeParquet(PLAN_COLUMNS, [...shards, ...(cached ? [cached] : [])].map(planColumns));
}

/**
 * The points of one shard, in the order of the plan, without decoding the others.
 *
 * @param bytes the page of the shard
 * @param rowGroup where it is in the page; see `pageOfShard`
 * @throws DamagedFileError when a byte is not as it was written, or when there is another shard.
 */
export function readPlanShard(
  bytes: Uint8Array,
  shard: number,
  rowGroup = shard % SHARDS_PER_PAGE,
): ShardPoint[] {
  const rows = readGroup(bytes, rowGroup);
  if (rows[0]?.shard !== shard) throw new DamagedFileError(`it does not have shard ${shard}`);
  return rows.map(shardPoint);
}

/**
 * The first point of a page, null when it has none.
 *
 * @throws DamagedFileError when a byte is not as it was written.
 */
export function readFirstPoint(bytes: Uint8Array): ShardPoint | null {
  const [first] = readGroup(bytes, 0);
  return first === undefined ? null : shardPoint(first);
}

type GroupRow = Pick<PlanRow, 'point_key' | 'instance' | 'shard'>;

function readGroup(bytes: Uint8Array, rowGroup: number): GroupRow[] {
  const columns = ['point_key', 'instance', 'shard'] as const satisfies (keyof GroupRow)[];
  return decodeParquet(bytes, PLAN_COLUMNS, { rowGroup, columns }) as unknown as GroupRow[];
}

function shardPoint({ point_key, instance }: GroupRow): ShardPoint {
  return { key: point_key, instance };
}

/**
 * Every point of a page, cached ones last.
 *
 * @throws DamagedFileError when a byte is not as it was written.
 */
export function readPlan(bytes: Uint8Array): PlannedPoint[] {
  const rows = decodeParquet(bytes, PLAN_COLUMNS) as unknown as PlanRow[];
  return rows.map(({ point_key, grid, coordinates, instance, round, shard }) => ({
    key: point_key,
    grid,
    coordinates: JSON.parse(coordinates) as PlannedPoint['coordinates'],
    instance: JSON.parse(instance) as PlannedPoint['instance'],
    instanceJson: instance,
    round,
    shard,
  }));
}

interface PlanRow {
  readonly point_key: string;
  readonly grid: string;
  readonly coordinates: string;
  readonly instance: string;
  readonly round: number;
  readonly shard: number;
}

function planColumns(points: readonly PlannedPoint[]): ColumnValue[][] {
  return [
    points.map(({ key }) => key),
    points.map(({ grid }) => grid),
    points.map(({ coordinates }) => canonicalJson(coordinates)),
    points.map(({ instanceJson }) => instanceJson),
    points.map(({ round }) => round),
    points.map(({ shard }) => shard),
  ];
}
