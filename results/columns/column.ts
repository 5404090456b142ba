import type { ColumnType, ValueOf } from '../arrow-values.js';
import type { Row } from '../row.js';

/** One column of a part, with all that a reader of the data needs to know. */
export type Column = { readonly [Type in ColumnType]: ColumnOf<Type> }[ColumnType];

type ColumnOf<Type extends ColumnType> = Description<Type> &
  (
    | { readonly nullable: false; readonly of: (row: Row) => ValueOf[Type] }
    | { readonly nullable: true; readonly of: (row: Row) => ValueOf[Type] | null }
  );

interface Description<Type extends ColumnType> {
  /** In snake_case, as the field of the study file or of `Solution` that it shows. */
  readonly name: string;
  readonly type: Type;
  /** See `ColumnShape`. */
  readonly distinct?: true;
  /** `1` for a pure number, `truth` and `text` where there is nothing to measure. */
  readonly unit: string;
  /** The values that it can have. */
  readonly range: string;
  /** How it is had, in the symbols of docs/results.md; `given` by the study, `counted` or `recorded`. */
  readonly formula: string;
  /** What it is, in a sentence, and when it is null. */
  readonly meaning: string;
}
