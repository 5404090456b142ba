import { describe, expect, it } from 'vitest';
import { MalformedThrift, ThriftReader } from '../../../results/layout/thrift.js';

/** What a field of a struct begins with, as the compact protocol has it: field 1 of a type. */
const [LIST, STRUCT, I64, BINARY_TYPE] = [0x19, 0x1c, 0x16, 8];

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [128 + (value % 128), ...unsigned(Math.floor(value / 128))];
}

/** A struct with a list of so many items of a type, and then these bytes. */
const listOf = (count: number, type: number, bytes: Uint8Array = new Uint8Array()): Buffer =>
  Buffer.concat([Buffer.from([LIST, 0xf0 + type, ...unsigned(count)]), bytes]);

const read = (bytes: Uint8Array) => new ThriftReader(bytes, 0, bytes.length).struct();

const MANY = 3_900_000;

describe('a footer that somebody has written with bad intent', () => {
  it.each([
    ['lists two billion booleans in a few bytes', listOf(2e9, 1)],
    ['lists a hundred million structs in a few bytes', listOf(1e8, 12)],
    ['nests structs four million deep', Buffer.alloc(4e6, STRUCT)],
    ['nests lists four million deep', Buffer.alloc(4e6, LIST)],
    ['lists millions of empty structs', listOf(MANY, 12, Buffer.alloc(MANY + 1))],
    ['lists millions of empty texts', listOf(MANY, BINARY_TYPE, Buffer.alloc(MANY + 1))],
    ['lists millions of empty lists', listOf(MANY, 9, Buffer.alloc(MANY + 1))],
    ['has a field twice', Buffer.from([0x15, 2, 0x05, 2, 4, 0])],
    ['has a field of a negative number', Buffer.from([0x05, 9, 2, 0])],
    ['has a number of 70 bits', Buffer.from([I64, ...Array<number>(9).fill(0xff), 0x7f, 0])],
  ])('is refused when it %s, before it takes memory', (_, bytes) => {
    const before = process.memoryUsage().heapUsed;
    expect(() => read(bytes)).toThrow(MalformedThrift);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150e6);
  });

  it('may have many structs one after the other', () => {
    const bytes = Buffer.from([0x15, 2, 0]);
    const reader = new ThriftReader(Buffer.concat(Array<Buffer>(500_000).fill(bytes)), 0, 1.5e6);
    let sum = 0;
    for (let count = 0; count < 500_000; count++) sum += reader.struct().number(1);
    expect(sum).toBe(500_000);
  });
});
