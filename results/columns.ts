import type { ValueOf } from './arrow-values.js';
import { GEOMETRY_COLUMNS } from './columns/geometry.js';
import { POINT_COLUMNS } from './columns/point.js';
import { PROVENANCE_COLUMNS } from './columns/provenance.js';
import { REMEDY_COLUMNS } from './columns/remedies.js';
import { SOLUTION_COLUMNS } from './columns/solution.js';

/** Every column of a part, in the order of the file. docs/results.md shows the same table, and a test holds it there. */
export const COLUMNS = [
  ...POINT_COLUMNS,
  ...REMEDY_COLUMNS,
  ...SOLUTION_COLUMNS,
  ...GEOMETRY_COLUMNS,
  ...PROVENANCE_COLUMNS,
] as const;

type AnyColumn = (typeof COLUMNS)[number];

export type ColumnName = AnyColumn['name'];

/** A row of a part as it is read: every column by its name. */
export type ResultRow = {
  readonly [Each in AnyColumn as Each['name']]:
    ValueOf[Each['type']] | (Each['nullable'] extends true ? null : never);
};
