/** A row of a query: a value by the name of its column. */
export type PlainRow = Readonly<Record<string, unknown>>;

/** DuckDB's row with a number for every integer that a number holds exactly. */
export function plainRow(row: object): PlainRow {
  return plain(row) as PlainRow;
}

// A million rows pass through here: what is plain already is handed on and not copied.
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.some(mayChange) ? value.map(plain) : value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const record: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) record[name] = plain(item);
  return record;
}

function mayChange(item: unknown): boolean {
  return typeof item === 'bigint' || (typeof item === 'object' && item !== null);
}
