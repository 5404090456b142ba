import {
  StatementType,
  type DuckDBConnection,
  type DuckDBExtractedStatements,
  type DuckDBResultReader,
} from '@duckdb/node-api';

/** What people may ask for. A PIVOT makes a type first, and a table, view or macro of one's own lives in memory. */
const ALLOWED = new Set([StatementType.SELECT, StatementType.CREATE]);

/** A function that a SELECT may call. What it would write is out of reach, and DuckDB ends the process over that. */
const WRITES = /enable_logging/i;

const EXPLAIN = /^\s*EXPLAIN\s+(ANALYZE\s+)?(\([^()]*\)\s*)?/i;

/**
 * Runs statements of people one after the other, each only once it is known to be one that reads; SELECT, with FROM,
 * DESCRIBE, SUMMARIZE, SHOW and PIVOT, CREATE, and EXPLAIN of a SELECT.
 *
 * @returns the answer to the last one
 * @throws Error when one is of another kind, or wrong; those before it have run
 */
export async function runReadOnly(
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBResultReader> {
  if (WRITES.test(sql)) throw new Error(`a query only reads, and ${WRITES.exec(sql)![0]} writes`);
  const statements = await extract(connection, sql);
  let answer: DuckDBResultReader | null = null;
  for (let index = 0; index < statements.count; index++) {
    const prepared = await statements.prepare(index);
    try {
      const { statementType } = prepared;
      const reads =
        ALLOWED.has(statementType) ||
        (statementType === StatementType.EXPLAIN && (await explainsReading(connection, sql)));
      if (!reads) throw new Error(refusal(statementType));
      answer = await prepared.runAndReadAll();
    } finally {
      prepared.destroySync();
    }
  }
  return answer!;
}

/** EXPLAIN ANALYZE runs what it explains. */
async function explainsReading(connection: DuckDBConnection, sql: string): Promise<boolean> {
  const explained = await extract(connection, sql.replace(EXPLAIN, ''));
  if (explained.count !== 1) return false;
  const prepared = await explained.prepare(0);
  const { statementType } = prepared;
  prepared.destroySync();
  return statementType === StatementType.SELECT;
}

async function extract(
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBExtractedStatements> {
  return connection.extractStatements(sql).catch((error: unknown) => {
    const { message } = error as Error;
    if (message.includes('native callback')) throw new Error('there is no statement to run');
    throw new Error(message.replace('Failed to extract statements: ', ''), { cause: error });
  });
}

function refusal(type: StatementType): string {
  return (
    `a query only reads, and ${StatementType[type]} is no statement that does: ask with SELECT, FROM, DESCRIBE, SUMMARIZE ` +
    'or SHOW; `ufm-sweep export` and `query --json` write files'
  );
}
