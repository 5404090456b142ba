import { PERMANENT_FAILURES } from '../study/failures.js';

/**
 * What an error of an activity is of; docs/decisions/classes-of-faults.md says what each leads to. A point that cannot be
 * solved is no error at all but a row.
 *
 * - `permanent`: of what was asked for. Trying again does not mend it, here or elsewhere.
 * - `infrastructure`: of the machine, the store or the way to it. Nothing follows for what was asked for: it is asked for
 *   again, elsewhere or later, as often as it takes.
 * - `shard`: of anything else, the work itself included. It counts, after some tries.
 */
export type FaultClass = 'permanent' | 'infrastructure' | 'shard';

/** Names of errors that say it of themselves, wherever they are thrown: one that comes from a thread has no class. */
const INFRASTRUCTURE_NAMES: ReadonlySet<string> = new Set(['StoreUnavailable', 'StoreUnusable']);

/** Codes of system errors that say nothing of the work that met them. */
const INFRASTRUCTURE_CODES: ReadonlySet<string> = new Set([
  // A disk, or a folder for temporary files, that is full, broken or away.
  ...['ENOSPC', 'EDQUOT', 'EIO', 'ESTALE', 'ENOTCONN', 'ENODEV', 'EROFS', 'EACCES', 'EPERM'],
  // A machine or a process that is at its limits.
  ...['ENOMEM', 'EMFILE', 'ENFILE', 'EAGAIN'],
  // A service that does not answer.
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'EPIPE'], // prettier-ignore
]);

/** What DuckDB, whose errors have no codes, passes on of the system's: texts of strerror(3). */
const INFRASTRUCTURE_TEXT =
  /No space left on device|Input\/output error|Stale file handle|Transport endpoint is not connected|Read-only file system|Too many open files|Cannot allocate memory/;

/** By the first of an error and its causes that says something. */
export function faultClassOf(error: unknown): FaultClass {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (PERMANENT_FAILURES.includes(cause.name)) return 'permanent';
    if (isOfInfrastructure(cause)) return 'infrastructure';
  }
  return 'shard';
}

function isOfInfrastructure(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return (
    INFRASTRUCTURE_NAMES.has(error.name) ||
    INFRASTRUCTURE_CODES.has(code ?? '') ||
    INFRASTRUCTURE_TEXT.test(error.message)
  );
}
