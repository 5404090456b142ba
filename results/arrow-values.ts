import {
  Bool,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  makeData,
  TimeUnit,
  Timestamp,
  Utf8,
  type Data,
  type DataType,
  type Vector,
} from 'apache-arrow';

/** The values that a column holds, by the name of its Arrow type. Instants are in microseconds, UTC. */
export interface ValueOf {
  utf8: string;
  int32: number;
  int64: number;
  float64: number;
  bool: boolean;
  timestamp: Date;
  'list<int32>': readonly number[];
  'list<int64>': readonly number[];
  'list<float64>': readonly (number | null)[];
  'list<bool>': readonly (boolean | null)[];
}

export type ColumnType = keyof ValueOf;

export type ColumnValue = ValueOf[ColumnType] | null;

type ElementType = 'int32' | 'int64' | 'float64' | 'bool';

type ScalarType = ElementType | 'utf8' | 'timestamp';

/** What a Parquet column is called and holds. */
export interface ColumnShape {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** The Arrow field of a column. Text is plain Utf8: readers cannot unify Arrow dictionaries across files. */
export function arrowField({ name, type, nullable }: ColumnShape): Field {
  return new Field(name, arrowType(type), nullable);
}

/** The values of a column in Arrow's memory layout. */
export function arrowData(type: ColumnType, values: readonly ColumnValue[]): Data {
  const element = elementType(type);
  if (element === null) return scalarData(type as ScalarType, values as readonly ScalarValue[]);
  const lists = values as readonly (readonly ScalarValue[] | null)[];
  const valueOffsets = offsets(lists.map((list) => list?.length ?? 0));
  const child = scalarData(
    element,
    lists.flatMap((list) => list ?? []),
  );
  return makeData({ type: listType(element), ...validity(values), valueOffsets, child });
}

/** The values of a column as JavaScript has them. */
export function plainValues(type: ColumnType, vector: Vector): ColumnValue[] {
  const element = elementType(type);
  return Array.from({ length: vector.length }, (_, index) => {
    const value: unknown = vector.get(index);
    if (value === null) return null;
    if (element === null) return plainScalar(type as ScalarType, value);
    return Array.from(value as Iterable<unknown>, (item) =>
      item === null ? null : plainScalar(element, item),
    ) as ColumnValue;
  });
}

type ScalarValue = string | number | boolean | Date | null;

function elementType(type: ColumnType): ElementType | null {
  return (/^list<(.*)>$/.exec(type)?.[1] ?? null) as ElementType | null;
}

function arrowType(type: ColumnType): DataType {
  const element = elementType(type);
  return element === null ? scalarType(type as ScalarType) : listType(element);
}

// Parquet's name for the items of a list is `element`.
function listType(element: ElementType): List {
  return new List(new Field('element', scalarType(element), true));
}

function scalarType(type: ScalarType): DataType {
  switch (type) {
    case 'utf8':
      return new Utf8();
    case 'int32':
      return new Int32();
    case 'int64':
      return new Int64();
    case 'float64':
      return new Float64();
    case 'bool':
      return new Bool();
    case 'timestamp':
      return new Timestamp(TimeUnit.MICROSECOND, 'UTC');
  }
}

function scalarData(type: ScalarType, values: readonly ScalarValue[]): Data {
  const common = validity(values);
  switch (type) {
    case 'utf8': {
      const texts = values.map((value) => (value ?? '') as string);
      const valueOffsets = offsets(texts.map((text) => Buffer.byteLength(text)));
      return makeData({
        type: new Utf8(),
        ...common,
        valueOffsets,
        data: Buffer.from(texts.join('')),
      });
    }
    case 'int32':
      return makeData({ type: new Int32(), ...common, data: Int32Array.from(values as number[]) });
    case 'float64':
      return makeData({
        type: new Float64(),
        ...common,
        data: Float64Array.from(values as number[]),
      });
    case 'int64': {
      const data = BigInt64Array.from(values as (number | null)[], (value) => BigInt(value ?? 0));
      return makeData({ type: new Int64(), ...common, data });
    }
    case 'bool':
      return makeData({
        type: new Bool(),
        ...common,
        data: bits(values.map((value) => value === true)),
      });
    case 'timestamp': {
      const instants = values as readonly (Date | null)[];
      const data = BigInt64Array.from(instants, (value) => BigInt(value?.getTime() ?? 0) * 1000n);
      return makeData({ type: new Timestamp(TimeUnit.MICROSECOND, 'UTC'), ...common, data });
    }
  }
}

function plainScalar(type: ScalarType, value: unknown): ScalarValue {
  if (type === 'int64') return Number(value);
  // Arrow hands out instants in milliseconds whatever the unit of the column.
  if (type === 'timestamp') return new Date(value as number);
  return value as ScalarValue;
}

function validity(values: readonly unknown[]) {
  const nullCount = values.reduce<number>((count, value) => count + (value === null ? 1 : 0), 0);
  const length = values.length;
  return {
    length,
    nullCount,
    ...(nullCount > 0 && { nullBitmap: bits(values.map((v) => v !== null)) }),
  };
}

function bits(flags: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(flags.length / 8));
  flags.forEach((flag, index) => {
    if (flag) bytes[index >> 3]! |= 1 << (index & 7);
  });
  return bytes;
}

function offsets(lengths: readonly number[]): Int32Array {
  const ends = new Int32Array(lengths.length + 1);
  lengths.forEach((length, index) => (ends[index + 1] = ends[index]! + length));
  return ends;
}
