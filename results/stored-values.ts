import { onlyFinite } from '../ufm/only-finite.js';
import { NOTHING_FOUND } from '../ufm/report.js';
import type { ColumnValue } from './arrow-values.js';
import { COLUMNS } from './columns.js';
import type { Column } from './columns/column.js';
import type { Row } from './row.js';

const MESSAGE = COLUMNS.findIndex(({ name }) => name === 'message');

/** The columns, with the type of the items where a column holds lists. */
const SHAPES = (COLUMNS as readonly Column[]).map((column) => ({
  column,
  element: /^list<(.*)>$/u.exec(column.type)?.[1] ?? null,
}));

/**
 * What a part holds of a row, in the order of `COLUMNS`: null for every number that its column cannot hold, with its name
 * in the message. A point of which something cannot be told at all is a failed one: no row of another point is touched.
 *
 * @throws Error when not even that can be told: its instance is none.
 */
export function storedValues(row: Row): readonly ColumnValue[] {
  try {
    return valuesOf({ ...row, solution: onlyFinite(row.solution) });
  } catch (error) {
    const message = `The point was solved and cannot be stored: ${(error as Error).message}`;
    return valuesOf({
      ...row,
      solution: {
        ...NOTHING_FOUND,
        status: 'failed',
        iterations: 0,
        polishIterations: 0,
        seconds: 0,
        backend: row.solution.backend,
        device: row.solution.device,
        message,
      },
    });
  }
}

function valuesOf(row: Row): readonly ColumnValue[] {
  const values: ColumnValue[] = [];
  const left: string[] = [];
  for (const { column, element } of SHAPES) {
    const value = column.of(row);
    if (value === null ? column.nullable : fits(column.type, element, value)) {
      values.push(value);
      continue;
    }
    if (!column.nullable) {
      throw new Error(`${column.name} is ${String(value)}, which its column cannot hold`);
    }
    left.push(`${column.name} (${String(value)})`);
    values.push(null);
  }
  if (left.length > 0) {
    const reason = `What no column may hold is left out: ${left.join(', ')}.`;
    const { message } = row.solution;
    values[MESSAGE] = message === null ? reason : `${message} ${reason}`;
  }
  return values;
}

/** Whether a column can hold a value: of the numbers only finite ones, and whole ones where it counts. */
function fits(type: string, element: string | null, value: unknown): boolean {
  if (element === null) return isOf(type, value);
  return Array.isArray(value) && value.every((item) => item === null || isOf(element, item));
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'utf8':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'int32':
      return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
    case 'int64':
      return Number.isSafeInteger(value);
    case 'float64':
      return Number.isFinite(value);
    default:
      return value instanceof Date && Number.isFinite(value.getTime());
  }
}
