import type { ColumnShape, ColumnType, ColumnValue } from '../results/arrow-values.js';
import { encodeParquet } from '../results/parquet.js';

/** Columns of one Parquet file: name, type, and the value that an answer has there. Names as in the JSON, in snake_case. */
export type Columns<Answer> = readonly (readonly [
  name: string,
  type: ColumnType,
  of: (answer: Answer) => ColumnValue,
])[];

/** Answers of the analysis as a sealed Parquet file, a row each. */
export function encodeAnswers<Answer>(
  columns: Columns<Answer>,
  answers: readonly Answer[],
): Uint8Array {
  const shapes = columns.map(([name, type]): ColumnShape => ({ name, type, nullable: true }));
  const group = columns.map(([, , of]) => answers.map(of));
  return encodeParquet(shapes, answers.length === 0 ? [] : [group]);
}
