import type { ColumnShape, ColumnType } from './arrow-values.js';
import { PACK_COLUMNS } from './catalog/rows.js';
import { COLUMNS } from './columns.js';
import { literalPath } from './duckdb.js';
import { PARTS_FOLDER } from './paths.js';
import { PLAN_COLUMNS } from './plan-file.js';

/** The SQL of the views that every query sees; `database.ts` fills in the files. */

/** Where the rows of parts are, on this machine's file system. */
export interface PartSources {
  /** In the store: what `filename` begins with. */
  readonly root: string;
  /** Parts that are read themselves. */
  readonly parts: readonly string[];
  /** Whether all of those have the columns of this version. */
  readonly isUniform: boolean;
  /** Packs all of whose rows count. */
  readonly wholePacks: readonly string[];
  /** Packs of which only parts in `wanted_parts` count. */
  readonly sharedPacks: readonly string[];
}

/** `part_rows`: all rows of the parts, with `filename` and `file_row_number`, wherever they are read from. */
export function partRows(sources: PartSources): string {
  const { parts, isUniform, wholePacks, sharedPacks } = sources;
  const columns = COLUMNS.map(({ name }) => column(name)).join(', ');
  const packed = `SELECT ${columns}, ${fileOf(sources, 'part')}, row AS file_row_number`;
  const selects = [
    `SELECT ${columns}, ${fileOf(sources, `'${PARTS_FOLDER}/' || parse_filename(filename)`)}, file_row_number
     FROM (${isUniform ? plainScan(parts, COLUMNS) : scan(parts, COLUMNS)})`,
    ...(wholePacks.length === 0 ? [] : [`${packed} FROM (${scan(wholePacks, PACK_COLUMNS)})`]),
    ...(sharedPacks.length === 0
      ? []
      : [
          `${packed} FROM (${scan(sharedPacks, PACK_COLUMNS)}) AS pack SEMI JOIN wanted_parts AS wanted
           ON wanted.part = pack.part AND wanted.file = parse_filename(pack.filename, true)`,
        ]),
  ];
  return `CREATE VIEW part_rows AS ${selects.join(' UNION ALL ')}`;
}

function fileOf({ root }: Pick<PartSources, 'root'>, part: string): string {
  return `${quote(`${root}/`)} || ${part} AS filename`;
}

/** `parts`: all rows of the parts. */
export const PARTS = `CREATE VIEW parts AS SELECT * EXCLUDE (filename, file_row_number) FROM part_rows`;

/**
 * `wanted_parts`: the parts that are in the views, by `file` of the catalog, and whether they are `packed`.
 *
 * @param ofStudy whether only those with points of the study are
 */
export function wantedParts(ofStudy: boolean): string {
  // By hashes, which take an eighth of the memory of keys: that two keys share one costs a part that is not needed.
  const condition = 'WHERE hash(point_key) IN (SELECT hash(point_key) FROM points)';
  return `CREATE TABLE wanted_parts AS
    SELECT part, file, any_value(packed) AS packed, any_value(part_columns) AS columns
    FROM entries ${ofStudy ? condition : ''} GROUP BY part, file`;
}

/**
 * `superseded`: the rows that are not the one of their point. A point has several where studies that overlap ran at
 * the same time, or where a retry mended what had failed. The best status wins, then the earliest row; every tie is
 * broken, so all readers of the same parts see the same row. A table, and next to empty: leaving its rows out is
 * cheaper than choosing a row of every point in each query.
 */
export function superseded(root: string): string {
  return `
  CREATE TABLE superseded AS
  WITH rows AS (SELECT * FROM entries SEMI JOIN wanted_parts USING (part, file)),
  repeated AS (
    -- Hashes, which take an eighth of the memory of keys: that two keys share one is decided below.
    SELECT hash(point_key) AS key_hash FROM rows GROUP BY key_hash HAVING count(*) > 1)
  SELECT ${fileOf({ root }, 'part')}, row AS file_row_number FROM rows
  WHERE hash(point_key) IN (SELECT key_hash FROM repeated)
  QUALIFY row_number() OVER (
    PARTITION BY point_key
    ORDER BY list_position(['certified', 'uncertified', 'diverged', 'failed'], status),
      solved_at, part, row) > 1`;
}

/** `landed`: one row a point of the parts. */
export const LANDED = `
  CREATE VIEW landed AS
  SELECT * EXCLUDE (filename, file_row_number)
  FROM part_rows ANTI JOIN superseded USING (filename, file_row_number)`;

/**
 * `points`: what a study asks for, one row a point of a grid: rounds ask for the same point again.
 *
 * @param files The plan files of the study on this machine's file system.
 */
export function points(files: readonly string[]): string {
  return `CREATE VIEW points AS
    SELECT grid, coordinates, min(round) AS round, point_key
    FROM (${scan(files, PLAN_COLUMNS)}) GROUP BY grid, coordinates, point_key`;
}

/** `results`: the study's points with the rows that have landed. */
export const RESULTS = `CREATE VIEW results AS SELECT * FROM points JOIN landed USING (point_key)`;

/** The columns of `results`, in its order. */
export const RESULTS_COLUMNS: readonly ColumnShape[] = [
  { name: 'grid', type: 'utf8', nullable: false },
  { name: 'coordinates', type: 'utf8', nullable: false },
  { name: 'round', type: 'int32', nullable: false },
  ...COLUMNS,
];

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  utf8: 'VARCHAR',
  int32: 'INTEGER',
  int64: 'BIGINT',
  float64: 'DOUBLE',
  bool: 'BOOLEAN',
  timestamp: 'TIMESTAMPTZ',
  'list<int32>': 'INTEGER[]',
  'list<int64>': 'BIGINT[]',
  'list<float64>': 'DOUBLE[]',
  'list<bool>': 'BOOLEAN[]',
};

/**
 * Rows of files with these columns, and `filename` and `file_row_number`. Columns are additive: one that a file lacks is
 * null, and one that is not asked for is not read.
 */
export function scan(files: readonly string[], columns: readonly ColumnShape[]): string {
  const nothing = columns.map(({ name, type }) => `NULL::${SQL_TYPES[type]} AS ${column(name)}`);
  const none = `SELECT ${nothing.join(', ')}, '' AS filename, 0::BIGINT AS file_row_number WHERE false`;
  // DuckDB scans no empty list of files.
  if (files.length === 0) return none;
  return `
    SELECT ${columns.map(({ name }) => column(name)).join(', ')}, filename, file_row_number
    FROM (${none} UNION ALL BY NAME FROM
      read_parquet(${listOf(files)}, union_by_name = true, filename = true, file_row_number = true))`;
}

/** The same of files all of which have just these columns: none is opened before it is read. */
function plainScan(files: readonly string[], columns: readonly ColumnShape[]): string {
  if (files.length === 0) return scan(files, columns);
  return `SELECT * FROM read_parquet(${listOf(files)}, filename = true, file_row_number = true)`;
}

function listOf(files: readonly string[]): string {
  return `[${files.map((file) => quote(literalPath(file))).join(', ')}]`;
}

function column(name: string): string {
  return `"${name}"`;
}

/** A text as an SQL literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
