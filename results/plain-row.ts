/** A row of a query: a value by the name of its column. */
export type PlainRow = Readonly<Record<string, unknown>>;

/** DuckDB's row with a number for every integer that a number holds exactly. */
export function plainRow(row: object): PlainRow {
  return plain(row) as PlainRow;
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}
