import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { BLANK_DIGEST } from '../../results/checksum.js';
import { findSeal, SEAL_KEY, sealText } from '../../results/seal.js';

/** Files that somebody with bad intent left in a store, each with a seal that is right. */

/** The file with the digest of its bytes as they are now; null where no seal is left to write it into. */
export function reseal(bytes: Uint8Array): Buffer | null {
  const sealed = Buffer.from(bytes);
  const seal = findSeal(sealed);
  if (seal === null) return null;
  sealed.write(BLANK_DIGEST, seal.offset, 'latin1');
  sealed.write(createHash('sha256').update(sealed).digest('hex'), seal.offset, 'latin1');
  return sealed;
}

/** A change of a good file that leaves its seal in place. */
type Change = (good: Buffer) => Buffer;

/** Where the footer starts. */
export function footerStart(file: Buffer): number {
  return file.length - 8 - file.readUInt32LE(file.length - 8);
}

/** The file with other bytes between two places of its footer, whose length follows. */
export function spliced(file: Buffer, from: number, to: number, bytes: Uint8Array): Buffer {
  const changed = Buffer.concat([file.subarray(0, from), bytes, file.subarray(to)]);
  const grown = from < footerStart(file) ? 0 : bytes.length - (to - from);
  const length = file.readUInt32LE(file.length - 8) + grown;
  changed.writeUInt32LE(length, changed.length - 8);
  return changed;
}

function withFooterLength(length: number): Change {
  return (good) => {
    const changed = Buffer.from(good);
    changed.writeUInt32LE(length >>> 0, changed.length - 8);
    return changed;
  };
}

/** The bytes of `n`, zigzag, as Thrift has numbers. */
export function varint(n: bigint): Buffer {
  const bytes: number[] = [];
  let rest = n < 0n ? -2n * n - 1n : 2n * n;
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/** Files made of a good one, by what is wrong with them. */
export const SPOILT_FILES: Readonly<Record<string, Change>> = {
  'cut short before its footer': (good) =>
    Buffer.concat([good.subarray(0, 100), good.subarray(footerStart(good))]),
  'with nothing but zeros for pages': (good) =>
    Buffer.concat([Buffer.alloc(footerStart(good)), good.subarray(footerStart(good))]),
  'with random pages': (good) => {
    const pages = Buffer.alloc(footerStart(good) - 4);
    for (let at = 0; at < pages.length; at++) pages[at] = (at * 2_654_435_761) >>> 13;
    return Buffer.concat([good.subarray(0, 4), pages, good.subarray(footerStart(good))]);
  },
  'with a seal but no footer': (good) => {
    const seal = findSeal(good)!;
    return Buffer.concat([
      Buffer.from('PAR1'),
      good.subarray(seal.offset - 32, seal.offset + 120),
      Buffer.from([200, 0, 0, 0]),
      Buffer.from('PAR1'),
    ]);
  },
  'whose footer is of length -1': withFooterLength(-1),
  'whose footer is of length 0': withFooterLength(0),
  'whose footer is of 2 GB': withFooterLength(2 ** 31 - 1),
  'whose footer is longer than the file': (good) => withFooterLength(good.length)(good),
  'whose footer nests a hundred thousand deep': (good) => {
    // Field 15, a struct, whose first field is a struct, and so on.
    const deep = Buffer.concat([Buffer.from([0xfc]), Buffer.alloc(100_000, 0x1c)]);
    return spliced(good, footerStart(good), footerStart(good), deep);
  },
  'whose footer has a list of two billion': (good) =>
    spliced(good, footerStart(good), footerStart(good), Buffer.from([0xf9, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07])), // prettier-ignore
  'whose footer has a number without an end': (good) =>
    spliced(good, footerStart(good) + 1, footerStart(good) + 2, Buffer.alloc(50_000, 0xff)),
};

/** SQL of files that DuckDB writes, by what is wrong with them; `rows` has rows as they should be. */
export const FORGED_FILES: Readonly<Record<string, { sql: string; codec?: string }>> = {
  'of another codec': { sql: 'FROM rows', codec: 'zstd' },
  'with nulls wherever it likes': { sql: 'FROM rows' },
  'with a column more': { sql: `SELECT *, 'a' AS "x'; DROP TABLE --" FROM rows` },
  'with a column less': { sql: 'SELECT * EXCLUDE (point_key) FROM rows' },
  'with columns in another order': { sql: 'SELECT grid, * EXCLUDE (grid) FROM rows' },
  'with numbers for texts': { sql: 'SELECT * REPLACE (1 AS point_key) FROM rows' },
  'with texts for numbers': { sql: `SELECT * REPLACE ('one' AS round) FROM rows` },
  'with names of markup and control characters': {
    sql: `SELECT 1 AS "<script>", 2 AS "\u001b[2J", 3 AS "a\u202eb" FROM rows`,
  },
  'nested a hundred deep': {
    sql: `SELECT ${'['.repeat(100)}1${']'.repeat(100)} AS point_key FROM rows`,
  },
  'without columns but one': { sql: 'SELECT 1 AS point_key' },
};

/** Writes a file as DuckDB writes it, under a seal with the fingerprint of a good one. */
export async function forgedFile(good: Uint8Array, sql: string, codec = 'snappy'): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'ufm-forged-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const source = join(folder, 'good.parquet');
    await writeFile(source, good);
    const target = join(folder, 'forged.parquet');
    await connection.run(`CREATE VIEW rows AS FROM read_parquet('${source}')`);
    const { columns } = findSeal(good)!;
    const seal = sealText({ digest: BLANK_DIGEST, columns, rowGroups: 1 });
    await connection.run(
      `COPY (${sql}) TO '${target}' (FORMAT parquet, COMPRESSION ${codec}, ROW_GROUP_SIZE 10000000,
         STRING_DICTIONARY_PAGE_SIZE_LIMIT 5000000, KV_METADATA {"${SEAL_KEY}": '${seal}'})`,
    );
    return reseal(await readFile(target))!;
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}
