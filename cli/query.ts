import Table from 'cli-table3';
import { Command } from 'commander';
import { DamagedFileError } from '../results/checksum.js';
import { openDatabase } from '../results/database.js';
import { countMissing } from '../results/missing.js';
import type { PlainRow } from '../results/plain-row.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { jsonOption, storeOption } from './options.js';
import { print, printJson, warn } from './output.js';
import { warnIfPartial } from './partial.js';
import { warnIfOtherVersion } from './shown-version.js';
import { findStudy, NAME_ARGUMENT } from './study-name.js';

/** `ufm-sweep query NAME "SQL"`: DuckDB over a study's rows. */
export function queryCommand(): Command {
  return new Command('query')
    .description('ask DuckDB about the results: the view `results` has a row a point')
    .argument('<name>', NAME_ARGUMENT)
    .argument('<sql>', 'e.g. "SELECT status, count(*) FROM results GROUP BY status"')
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nColumns are described in docs/results.md. DuckDB reserves the word lambda: write "lambda".',
    )
    .action(async (name: string, sql: string, options: { store: string; json: boolean }) => {
      const { store, reference } = await findStudy(options.store, name);
      const database = await openDatabase(store, reference);
      try {
        for (const { path, reason } of database.problems) warn(`${path} is left out: ${reason}`);
        const rows = await database.ask(sql).catch((error: unknown) => {
          const { message } = error as Error;
          throw new Failure(
            message,
            error instanceof DamagedFileError ? EXIT.failed : EXIT.badUsage,
          );
        });
        warnIfPartial(name, await countMissing(database));
        warnIfOtherVersion(reference.study, database.current.numericalVersion);
        if (options.json) printJson(rows.map(jsonSafe));
        else print(asTable(rows));
      } finally {
        database.close();
      }
    });
}

function asTable(rows: readonly PlainRow[]): string {
  const [first] = rows;
  if (first === undefined) return 'no rows';
  const table = new Table({ head: Object.keys(first), style: { head: [], border: [] } });
  for (const row of rows) table.push(Object.values(row).map(asText));
  return table.toString();
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value, bigIntAsText);
}

function jsonSafe(row: PlainRow): unknown {
  return JSON.parse(JSON.stringify(row, bigIntAsText));
}

/** JSON has no integers beyond 2^53: as text they stay exact. */
function bigIntAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
