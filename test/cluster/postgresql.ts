import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import getPort from 'get-port';
import { vi } from 'vitest';
import { endProcess } from '../end-process.js';

/** PostgreSQL does not run as root; whoever owns this account may. */
const ACCOUNT = 'postgres';

/** Where Debian keeps programs of PostgreSQL; null where it is not installed. */
export const POSTGRESQL_PROGRAMS = findPrograms('/usr/lib/postgresql');

function findPrograms(root: string): string | null {
  if (!existsSync(root)) return null;
  const [newest] = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  const folder = path.join(root, newest ?? '', 'bin');
  return existsSync(path.join(folder, 'initdb')) ? folder : null;
}

/** A PostgreSQL of a test's own, which can be killed and started again on the same data. */
export class PostgreSql {
  static readonly user = 'temporal';
  readonly port: number;
  readonly #data: string;
  #server: ChildProcess | null = null;

  private constructor(data: string, port: number) {
    this.#data = data;
    this.port = port;
  }

  /** Makes an empty database cluster in a folder and starts it. */
  static async start(folder: string): Promise<PostgreSql> {
    const data = path.join(folder, 'postgresql');
    await mkdir(data);
    const { uid, gid } = await account();
    if (uid !== undefined) await chown(data, uid, gid!);
    await execa(path.join(POSTGRESQL_PROGRAMS!, 'initdb'), [
      ...['--pgdata', data, '--username', PostgreSql.user, '--auth', 'trust', '--no-sync'],
    ], { cwd: data, ...(uid !== undefined && { uid, gid: gid! }) }); // prettier-ignore
    const server = new PostgreSql(data, await getPort({ host: '127.0.0.1' }));
    await server.startAgain();
    return server;
  }

  async startAgain(): Promise<void> {
    this.#server = spawn(
      path.join(POSTGRESQL_PROGRAMS!, 'postgres'),
      [
        '-D',
        this.#data,
        '-p',
        String(this.port),
        '-k',
        this.#data,
        '-c',
        'listen_addresses=127.0.0.1',
      ],
      { cwd: this.#data, stdio: 'ignore', ...(await account()) },
    );
    const ready = ['-h', '127.0.0.1', '-p', String(this.port), '-q'];
    await vi.waitFor(() => execa(path.join(POSTGRESQL_PROGRAMS!, 'pg_isready'), ready), 60_000);
  }

  /** As a power cut does. Its children see that it is gone, and end. */
  kill(): Promise<void> {
    return endProcess(this.#server);
  }
}

/** Whom to start PostgreSQL as: nobody else, unless this process is root. */
async function account(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (kind) => Number((await execa('id', [kind, ACCOUNT])).stdout)),
  );
  return { uid: uid!, gid: gid! };
}
