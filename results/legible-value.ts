import {
  DuckDBTypeId,
  JSDuckDBValueConverter,
  type DuckDBValueConverter,
  type JS,
} from '@duckdb/node-api';

/** What JavaScript has no legible value for. */
const SHOWN_AS_TEXT = new Set([
  DuckDBTypeId.DATE,
  DuckDBTypeId.TIME,
  DuckDBTypeId.TIME_NS,
  DuckDBTypeId.TIME_TZ,
  DuckDBTypeId.INTERVAL,
  DuckDBTypeId.BLOB,
  DuckDBTypeId.BIT,
]);

/** A value of DuckDB for people: as JavaScript has it, and as DuckDB shows it where that would be illegible. */
export const legibleValue: DuckDBValueConverter<JS> = (value, type, converter) => {
  if (value !== null && SHOWN_AS_TEXT.has(type.typeId)) return String(value);
  return JSDuckDBValueConverter(value, type, converter);
};
