import type { ColumnShape, ColumnType } from '../arrow-values.js';
import type { ThriftStruct } from './thrift.js';

/** Codes of Parquet's format: physical types, repetitions, and the converted types that say how to read them. */
const PHYSICAL = { bool: 0, int32: 1, int64: 2, float64: 5, utf8: 6, timestamp: 2 } as const;
const [REQUIRED, OPTIONAL, REPEATED] = [0, 1, 2] as const;
const CONVERTED = { utf8: 0, list: 3, timestamp: 10 } as const;

/** A column of values: the leaf of a tree of which only lists are not leaves themselves. */
export interface Leaf {
  readonly physical: number;
  /** Whether a row has any number of values. */
  readonly repeated: boolean;
}

export const BYTE_ARRAY = PHYSICAL.utf8;

/** Of the converted types these two say what the physical type says already; DuckDB writes them, and we do not. */
const REDUNDANT = { int32: 17, int64: 18 } as const;

/** The leaves of the columns, in the order of a file. */
export function leavesOf(shapes: readonly ColumnShape[]): Leaf[] {
  return shapes.map(({ type }) => {
    const scalar = scalarOf(type);
    return { physical: PHYSICAL[scalar], repeated: scalar !== type };
  });
}

/**
 * The columns of a file, by the elements of its footer's schema; null where one is of a kind that no column here has, or
 * two have one name.
 *
 * @throws MalformedThrift
 */
export function shapesOf(elements: readonly ThriftStruct[]): ColumnShape[] | null {
  const [root, ...rest] = elements;
  if (!root?.has(5)) return null;
  const shapes: ColumnShape[] = [];
  const queue = rest.values();
  const next = (): ThriftStruct | null => queue.next().value ?? null;
  for (let element = next(); element !== null; element = next()) {
    const isList = element.has(5);
    const scalar = isList ? itemOf(element, next(), next()) : scalarKind(element);
    if (scalar === null || !isOneOf(element, [REQUIRED, OPTIONAL])) return null;
    const type = (isList ? `list<${scalar}>` : scalar) as ColumnType;
    if (!TYPES.has(type)) return null;
    shapes.push({ name: element.text(4), type, nullable: element.number(3) === OPTIONAL });
  }
  const names = new Set(shapes.map(({ name }) => name));
  return root.number(5) === shapes.length && names.size === shapes.length ? shapes : null;
}

const TYPES: ReadonlySet<ColumnType> = new Set<ColumnType>([
  'utf8',
  'int32',
  'int64',
  'float64',
  'bool',
  'timestamp',
  'list<int32>',
  'list<int64>',
  'list<float64>',
  'list<bool>',
]);

type Scalar = keyof typeof PHYSICAL;

/** What the items of a list are, by the three elements of its column; null where they are none. */
function itemOf(
  group: ThriftStruct,
  list: ThriftStruct | null,
  item: ThriftStruct | null,
): Scalar | null {
  if (list === null || item === null) return null;
  const isNested =
    isGroupOfOne(group, CONVERTED.list) &&
    isGroupOfOne(list, null) &&
    list.isText(4, 'list') &&
    isOneOf(list, [REPEATED]) &&
    item.isText(4, 'element') &&
    isOneOf(item, [OPTIONAL]);
  return isNested ? scalarKind(item) : null;
}

function isGroupOfOne(element: ThriftStruct, converted: number | null): boolean {
  return !element.has(1) && element.has(5) && element.number(5) === 1 && convertedOf(element) === converted; // prettier-ignore
}

function scalarKind(element: ThriftStruct): Scalar | null {
  if (element.has(5) || !element.has(1)) return null;
  const [physical, converted] = [element.number(1), convertedOf(element)];
  const isKind = (kind: Scalar): boolean =>
    PHYSICAL[kind] === physical &&
    (converted === (kind === 'utf8' || kind === 'timestamp' ? CONVERTED[kind] : null) ||
      ((kind === 'int32' || kind === 'int64') && converted === REDUNDANT[kind]));
  return (Object.keys(PHYSICAL) as Scalar[]).find(isKind) ?? null;
}

function isOneOf(element: ThriftStruct, repetitions: readonly number[]): boolean {
  return element.has(3) && repetitions.includes(element.number(3));
}

function convertedOf(element: ThriftStruct): number | null {
  return element.has(6) ? element.number(6) : null;
}

function scalarOf(type: ColumnType): Scalar {
  return type.replace(/^list<(.*)>$/, '$1') as Scalar;
}
