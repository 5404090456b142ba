/** A value of Thrift's compact protocol, as far as Parquet uses it. */
export type ThriftValue = number | boolean | ThriftBytes | ThriftList | ThriftStruct;

export type ThriftList = readonly ThriftValue[];

/** Where bytes stand; most of them nobody looks at. */
class ThriftBytes {
  constructor(
    readonly bytes: Uint8Array,
    readonly start: number,
    readonly end: number,
  ) {}
}

/** The fields of a struct by their ids. */
export class ThriftStruct {
  readonly #fields: readonly (ThriftValue | undefined)[];

  constructor(fields: readonly (ThriftValue | undefined)[]) {
    this.#fields = fields;
  }

  has(id: number): boolean {
    return this.#fields[id] !== undefined;
  }

  number(id: number): number {
    return this.#typed(id, (value) => typeof value === 'number');
  }

  /** Whether a field is this text, which is ASCII. */
  isText(id: number, text: string): boolean {
    const { bytes, start, end } = this.#typed(id, (value) => value instanceof ThriftBytes);
    if (end - start !== text.length) return false;
    for (let index = 0; index < text.length; index++) {
      if (bytes[start + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  /** A field's text. */
  text(id: number): string {
    const { bytes, start, end } = this.#typed(id, (value) => value instanceof ThriftBytes);
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
  }

  struct(id: number): ThriftStruct {
    return this.#typed(id, (value) => value instanceof ThriftStruct);
  }

  structs(id: number): readonly ThriftStruct[] {
    const list = this.#typed(id, (value): value is ThriftList => Array.isArray(value));
    if (!list.every((item) => item instanceof ThriftStruct)) throw new MalformedThrift();
    return list;
  }

  #typed<T extends ThriftValue>(id: number, isTyped: (value: ThriftValue) => value is T): T {
    const value = this.#fields[id];
    if (value === undefined || !isTyped(value)) throw new MalformedThrift();
    return value;
  }
}

/** The bytes are no struct that this program would write. */
export class MalformedThrift extends Error {
  override readonly name = 'MalformedThrift';
}

/** Parquet nests a dozen deep at most. */
const DEEPEST = 20;

/**
 * Structs, lists and texts within one struct: hundreds of times those of a part. Each may take a byte of a footer, and
 * takes a hundred of memory.
 */
const MOST_NODES = 400_000;

/** Parquet's structs have fewer fields than this. */
const LARGEST_FIELD_ID = 31;

const [TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, STRUCT] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 12,
];

/**
 * Reads structs of Thrift's compact protocol out of bytes that anyone may have written. It is stricter than the
 * readers that come after it, so that none of them can take the same bytes for something else: a field that comes
 * twice, a number that a double does not hold, and a length beyond the end are refused.
 */
export class ThriftReader {
  /** Where the next struct starts. */
  offset: number;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #nodes = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.offset = start;
    this.#end = end;
  }

  /** @throws MalformedThrift */
  struct(depth = 0): ThriftStruct {
    if (depth === 0) this.#nodes = 0;
    this.#enter(depth);
    const fields: (ThriftValue | undefined)[] = [];
    let id = 0;
    for (;;) {
      const head = this.#byte();
      if (head === 0) return new ThriftStruct(fields);
      id = head >> 4 === 0 ? this.#signed() : id + (head >> 4);
      if (id < 1 || id > LARGEST_FIELD_ID || fields[id] !== undefined) throw new MalformedThrift();
      const type = head & 15;
      fields[id] = type === TRUE || type === FALSE ? type === TRUE : this.#value(type, depth);
    }
  }

  #value(type: number, depth: number): ThriftValue {
    switch (type) {
      case BYTE:
        return (this.#byte() << 24) >> 24;
      case I16:
      case I32:
      case I64:
        return this.#signed();
      case DOUBLE:
        return this.#skip(8, depth);
      case BINARY:
        return this.#skip(this.#unsigned(), depth);
      case LIST:
        return this.#list(depth + 1);
      case STRUCT:
        return this.struct(depth + 1);
      default:
        throw new MalformedThrift();
    }
  }

  /** @throws MalformedThrift at what would be too much for the stack or the memory */
  #enter(depth: number): void {
    this.#nodes += 1;
    if (depth > DEEPEST || this.#nodes > MOST_NODES) throw new MalformedThrift();
  }

  #list(depth: number): ThriftList {
    this.#enter(depth);
    const head = this.#byte();
    const size = head >> 4 === 15 ? this.#unsigned() : head >> 4;
    // Every item takes a byte at least.
    if (size > this.#end - this.offset) throw new MalformedThrift();
    const type = head & 15;
    const itemType = type === TRUE || type === FALSE ? BYTE : type;
    const items: ThriftValue[] = [];
    for (let index = 0; index < size; index++) items.push(this.#value(itemType, depth));
    return items;
  }

  #skip(length: number, depth: number): ThriftBytes {
    this.#enter(depth);
    const start = this.offset;
    if (length > this.#end - start) throw new MalformedThrift();
    this.offset += length;
    return new ThriftBytes(this.#bytes, start, this.offset);
  }

  #byte(): number {
    if (this.offset >= this.#end) throw new MalformedThrift();
    return this.#bytes[this.offset++]!;
  }

  #signed(): number {
    const value = this.#unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #unsigned(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) {
        if (value >= Number.MAX_SAFE_INTEGER) break;
        return value;
      }
    }
    throw new MalformedThrift();
  }
}
