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

type Element = readonly [
  name: string,
  physical: number | null,
  repetition: number,
  children: number | null,
  converted: number | null,
];

/** The leaves of the columns, in the order of a file. */
export function leavesOf(shapes: readonly ColumnShape[]): Leaf[] {
  return shapes.map(({ type }) => {
    const scalar = scalarOf(type);
    return { physical: PHYSICAL[scalar], repeated: scalar !== type };
  });
}

/** Whether the elements of a footer's schema are the columns as this program writes them, nullability included. */
export function isSchemaOf(
  elements: readonly ThriftStruct[],
  shapes: readonly ColumnShape[],
): boolean {
  const [root, ...columns] = elements;
  if (root === undefined || !root.has(5) || root.number(5) !== shapes.length) return false;
  const expected = expectedElements(shapes);
  return (
    columns.length === expected.length &&
    columns.every((element, index) => isElement(element, expected[index]!))
  );
}

function isElement(
  element: ThriftStruct,
  [name, physical, repetition, children, converted]: Element,
): boolean {
  const has = (id: number, value: number | null): boolean =>
    value === null ? !element.has(id) : element.has(id) && element.number(id) === value;
  return (
    element.isText(4, name) &&
    has(1, physical) &&
    has(3, repetition) &&
    has(5, children) &&
    has(6, converted)
  );
}

const known = new WeakMap<readonly ColumnShape[], readonly Element[]>();

/** Thousands of files have the same columns. */
function expectedElements(shapes: readonly ColumnShape[]): readonly Element[] {
  const elements = known.get(shapes) ?? shapes.flatMap(elementsOf);
  known.set(shapes, elements);
  return elements;
}

function elementsOf({ name, type, nullable }: ColumnShape): Element[] {
  const scalar = scalarOf(type);
  const repetition = nullable ? OPTIONAL : REQUIRED;
  const converted = scalar === 'utf8' || scalar === 'timestamp' ? CONVERTED[scalar] : null;
  if (scalar === type) return [[name, PHYSICAL[scalar], repetition, null, converted]];
  return [
    [name, null, repetition, 1, CONVERTED.list],
    ['list', null, REPEATED, 1, null],
    ['element', PHYSICAL[scalar], OPTIONAL, null, converted],
  ];
}

function scalarOf(type: ColumnType): keyof typeof PHYSICAL {
  return type.replace(/^list<(.*)>$/, '$1') as keyof typeof PHYSICAL;
}
