import { isAscii } from 'node:buffer';
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
  /** Whether hardly two of its texts are equal. */
  readonly distinct?: true;
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
  const valueOffsets = offsets(lists.length, (index) => lists[index]?.length ?? 0);
  const items: ScalarValue[] = [];
  for (const list of lists) if (list !== null) items.push(...list);
  const child = scalarData(element, items);
  return makeData({ type: listType(element), ...validity(values), valueOffsets, child });
}

/** The values of a column as JavaScript has them. */
export function plainValues(type: ColumnType, vector: Vector): ColumnValue[] {
  if (type === 'utf8' && vector.nullCount === 0) return vector.data.flatMap(texts);
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
      const encoded = Buffer.from(values.join(''));
      const ascii = isAscii(encoded);
      const lengthAt = (index: number): number => {
        const text = (values[index] ?? '') as string;
        return ascii ? text.length : Buffer.byteLength(text);
      };
      const valueOffsets = offsets(values.length, lengthAt);
      return makeData({ type: new Utf8(), ...common, valueOffsets, data: encoded });
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
        data: bits(values.length, (index) => values[index] === true),
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

/** Of one chunk of a column without nulls. A chunk of plain ASCII is decoded at once, which is what takes the time. */
function texts({ length, valueOffsets, values }: Data): string[] {
  const ends = valueOffsets as Int32Array;
  const bytes = values as Uint8Array;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const whole = isAscii(buffer) ? buffer.toString('latin1') : null;
  return Array.from({ length }, (_, index) => {
    const [start, end] = [ends[index]!, ends[index + 1]!];
    return whole?.slice(start, end) ?? buffer.toString('utf8', start, end);
  });
}

function validity(values: readonly unknown[]) {
  const { length } = values;
  let nullCount = 0;
  for (const value of values) if (value === null) nullCount += 1;
  if (nullCount === 0) return { length, nullCount };
  return { length, nullCount, nullBitmap: bits(length, (index) => values[index] !== null) };
}

function bits(length: number, isSet: (index: number) => boolean): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(length / 8));
  for (let index = 0; index < length; index += 1) {
    if (isSet(index)) bytes[index >> 3]! |= 1 << (index & 7);
  }
  return bytes;
}

function offsets(length: number, lengthAt: (index: number) => number): Int32Array {
  const ends = new Int32Array(length + 1);
  for (let index = 0; index < length; index += 1) ends[index + 1] = ends[index]! + lengthAt(index);
  return ends;
}
