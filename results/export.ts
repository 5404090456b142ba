import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeData, RecordBatch, RecordBatchFileWriter, Schema, Struct } from 'apache-arrow';
import { arrowData, arrowField, type ColumnValue } from './arrow-values.js';
import { openDatabase, type Database } from './database.js';
import type { Problem } from './intact-files.js';
import { countMissing, type MissingCount } from './missing.js';
import type { StudyVersion } from './paths.js';
import type { Store } from './store.js';
import { loadStudy } from './studies.js';
import { quote, RESULTS_COLUMNS } from './views.js';

export const EXPORT_FORMATS = ['parquet', 'arrow', 'csv'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What an export wrote. */
export interface Export extends MissingCount {
  readonly rows: number;
  /** Files of the store that were left out, and why. */
  readonly problems: readonly Problem[];
}

// Every tie is broken, so that equal results are equal files. DuckDB has a keyword `lambda`.
const SORTED = `SELECT * FROM results
  ORDER BY grid, majority_samples, minority_samples, "lambda", lambda_b, seed, coordinates, point_key`;

/**
 * Writes the results of a study, sorted, as one file: the columns of the view `results`.
 *
 * Where it came from goes with it, in the metadata of Parquet and Arrow files and for CSV in `originPath`: `ufm.study`,
 * `ufm.spec_hash`, the whole study as JSON, `ufm.study_json`; which versions made the rows, `ufm.code_version` and
 * `ufm.numerical_version`, and when, `ufm.solved_from` and `ufm.solved_until`. Lists in CSV are texts such as
 * `[1.5, NULL]`.
 *
 * @param file Written whole or not at all; replaced when it is there.
 * @throws Error when the store has no such study.
 */
export async function exportStudy(
  store: Store,
  version: StudyVersion,
  format: ExportFormat,
  file: string,
): Promise<Export> {
  const study = await loadStudy(store, version);
  const unfinished = `${file}.${randomUUID().slice(0, 8)}.tmp`;
  const database = await openDatabase(store, version, { output: unfinished });
  try {
    const origin = {
      'ufm.study': version.study,
      'ufm.spec_hash': version.specHash,
      'ufm.study_json': JSON.stringify(study),
      ...(await madeBy(database)),
    };
    await WRITERS[format](database, unfinished, origin);
    if (format === 'csv') {
      await writeFile(originPath(unfinished), JSON.stringify(origin, null, 2), { flag: 'wx' });
      await rename(originPath(unfinished), originPath(file));
    }
    await rename(unfinished, file);
    const [count] = await database.query<{ rows: number }>('SELECT count(*) AS rows FROM results');
    return { rows: count!.rows, problems: database.problems, ...(await countMissing(database)) };
  } finally {
    database.close();
    for (const left of [unfinished, originPath(unfinished)]) await rm(left, { force: true });
  }
}

/** Where it is written, beside a CSV file, where that came from. */
export function originPath(file: string): string {
  return `${file}.json`;
}

type Origin = Readonly<Record<string, string>>;

/** Which versions made the rows, and when: what the rows say, so that equal results have equal metadata. */
async function madeBy(database: Database): Promise<Origin> {
  const [made] = await database.query<Record<string, string | null>>(
    `SELECT string_agg(DISTINCT code_version, ', ' ORDER BY code_version) AS "ufm.code_version",
       string_agg(DISTINCT numerical_version::VARCHAR, ', ' ORDER BY numerical_version::VARCHAR)
         AS "ufm.numerical_version",
       ${instant('min')} AS "ufm.solved_from", ${instant('max')} AS "ufm.solved_until"
     FROM results`,
  );
  // Of no rows there is nothing to say.
  return Object.fromEntries(Object.entries(made!).map(([key, value]) => [key, value ?? '']));
}

function instant(end: 'min' | 'max'): string {
  return `strftime(${end}(solved_at) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')`;
}

type Writer = (database: Database, file: string, origin: Origin) => Promise<void>;

const WRITERS: Readonly<Record<ExportFormat, Writer>> = {
  parquet: async (database, file, origin) => {
    const metadata = Object.entries(origin).map(([key, value]) => `${quote(key)}: ${quote(value)}`);
    const options = `FORMAT parquet, COMPRESSION snappy, KV_METADATA {${metadata.join(', ')}}`;
    await database.query(`COPY (${SORTED}) TO ${quote(resolve(file))} (${options})`);
  },

  csv: async (database, file) => {
    await database.query(`COPY (${SORTED}) TO ${quote(resolve(file))} (FORMAT csv, HEADER)`);
  },

  arrow: async (database, file, origin) => {
    const schema = new Schema(RESULTS_COLUMNS.map(arrowField), new Map(Object.entries(origin)));
    const batches = recordBatches(database, schema);
    await pipeline(batches, RecordBatchFileWriter.throughNode(), createWriteStream(file));
  },
};

/** DuckDB hands out rows but no Arrow. At least one batch, which tells the writer the schema. */
async function* recordBatches(database: Database, schema: Schema): AsyncGenerator<RecordBatch> {
  yield recordBatch(schema, []);
  for await (const rows of database.batches<Record<string, ColumnValue>>(SORTED)) {
    yield recordBatch(schema, rows);
  }
}

function recordBatch(schema: Schema, rows: readonly Record<string, ColumnValue>[]): RecordBatch {
  const children = RESULTS_COLUMNS.map(({ name, type }) =>
    arrowData(
      type,
      rows.map((row) => row[name]!),
    ),
  );
  const type = new Struct(schema.fields);
  return new RecordBatch(schema, makeData({ type, length: rows.length, nullCount: 0, children }));
}
