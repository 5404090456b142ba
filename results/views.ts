import type { ColumnShape, ColumnType } from './arrow-values.js';
import { COLUMNS } from './columns.js';
import { literalPath } from './duckdb.js';
import { PLAN_COLUMNS } from './plan-file.js';

/** The SQL of the views that every query sees; `database.ts` fills in the files. */

/**
 * `part_rows`: all rows of all parts, with `filename` and `file_row_number`.
 *
 * @param files The parts on this machine's file system.
 */
export function partRows(files: readonly string[]): string {
  return `CREATE VIEW part_rows AS ${scan(files, COLUMNS)}`;
}

/** `parts`: all rows of all parts of the store. */
export const PARTS = `CREATE VIEW parts AS SELECT * EXCLUDE (filename, file_row_number) FROM part_rows`;

/**
 * `superseded`: the rows that are not the one of their point. A point has several where studies that overlap ran at
 * the same time, or where a retry mended what had failed. The best status wins, then the earliest row; every tie is
 * broken, so all readers of the same parts see the same row. A table, and next to empty: leaving its rows out is
 * cheaper than choosing a row of every point in each query.
 */
export const SUPERSEDED = `
  CREATE TABLE superseded AS
  WITH repeated AS (
    -- Hashes, which take an eighth of the memory of keys: that two keys share one is decided below.
    SELECT hash(point_key) AS key_hash FROM part_rows GROUP BY key_hash HAVING count(*) > 1)
  SELECT filename, file_row_number FROM part_rows
  WHERE hash(point_key) IN (SELECT key_hash FROM repeated)
  QUALIFY row_number() OVER (
    PARTITION BY point_key
    ORDER BY list_position(['certified', 'uncertified', 'diverged', 'failed'], status),
      solved_at, filename, file_row_number) > 1`;

/** `landed`: one row a point of the store. */
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
  const list = files.map((file) => quote(literalPath(file))).join(', ');
  return `
    SELECT ${columns.map(({ name }) => column(name)).join(', ')}, filename, file_row_number
    FROM (${none} UNION ALL BY NAME FROM
      read_parquet([${list}], union_by_name = true, filename = true, file_row_number = true))`;
}

function column(name: string): string {
  return `"${name}"`;
}

/** A text as an SQL literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
