import path from 'node:path';
import { SEARCH_ATTRIBUTES } from '../../workflows/names.js';

export const HOST = '127.0.0.1';

/** The dev server's default costs twice the time; WAL with NORMAL still survives kill -9 of the server. */
const SQLITE_PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'];

/**
 * The HTTP interface cannot be turned off, and would answer any web page that this machine's browser shows. It answers to
 * this host alone, which nobody can have (RFC 6761); gRPC does not look at it.
 */
const ALLOWED_HOSTS = 'frontend.httpAllowedHosts=["nobody.invalid"]';

/** What a server needs of the surroundings. What else is there, such as keys and proxies, is none of its business. */
const PASSED_ON = [
  ...['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'TZ', 'GOMAXPROCS', 'GOMEMLIMIT'],
  // What Windows cannot do without.
  ...['SystemRoot', 'TEMP', 'TMP', 'USERPROFILE', 'LOCALAPPDATA', 'APPDATA'],
];

/** Ports of a server on this machine. */
export interface ServerPorts {
  readonly grpc: number;
  /** Null for none. */
  readonly webInterface: number | null;
}

export function databaseFile(folder: string): string {
  return path.join(folder, 'temporal.db');
}

/** The arguments of the `temporal` binary for a dev server on the database of a folder. */
export function serverArguments(
  folder: string,
  { grpc, webInterface }: ServerPorts,
  extra: readonly string[],
): string[] {
  return [
    ...['server', 'start-dev', '--ip', HOST, '--port', String(grpc)],
    ...(webInterface === null ? ['--headless'] : ['--ui-port', String(webInterface)]),
    ...['--db-filename', databaseFile(folder), '--log-level', 'warn'],
    ...['--dynamic-config-value', ALLOWED_HOSTS],
    ...SQLITE_PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...SEARCH_ATTRIBUTES.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]),
    ...extra,
  ];
}

/** The environment of a server. */
export function serverEnvironment(): Record<string, string> {
  const given = PASSED_ON.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(
    given.filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
  );
}
