import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { execa } from 'execa';
import getPort, { portNumbers } from 'get-port';
import { stringify } from 'yaml';
import { projectFile } from '../cli/command.js';
import { SERVER_NAME, type Certificates } from './certificates.js';
import { endProcess } from '../end-process.js';
import { PostgreSql } from './postgresql.js';

const PROGRAM = projectFile('.tools/go/temporal-server');
const SQL_TOOL = projectFile('.tools/go/temporal-sql-tool');

/** Whether `infra/go-tools.mjs` has built what a real server needs. */
export const HAS_TEMPORAL_SERVER = [PROGRAM, SQL_TOOL].every((file) => existsSync(file));

/** Databases of a Temporal server, by the name of their schema. */
const DATABASES = { temporal: 'temporal', visibility: 'temporal_visibility' };

/** The database keeps the port of a service in 16 bits with a sign. */
const somePorts = (): Iterable<number> => portNumbers(20_000, 32_767);

const SERVICES = ['frontend', 'matching', 'history', 'worker'] as const;

/** All four services of a Temporal server in one process, on PostgreSQL, which lets in those with a certificate only. */
export class TemporalServer {
  readonly address: string;
  readonly #folder: string;
  readonly #certificates: Certificates;
  #server: ChildProcess | null = null;

  private constructor(folder: string, port: number, certificates: Certificates) {
    this.address = `127.0.0.1:${port}`;
    this.#folder = folder;
    this.#certificates = certificates;
  }

  /** Lays out the databases, starts the server, and makes its namespace `default`. */
  static async start(
    folder: string,
    database: PostgreSql,
    certificates: Certificates,
  ): Promise<TemporalServer> {
    await layOut(database);
    const ports: number[] = [];
    for (let i = 0; i < 2 * SERVICES.length; i += 1) {
      ports.push(await getPort({ host: '127.0.0.1', port: somePorts(), exclude: ports }));
    }
    const home = path.join(folder, 'temporal');
    await mkdir(home);
    const settings = configuration(database, ports, certificates);
    await writeFile(path.join(home, 'development.yaml'), stringify(settings));
    const server = new TemporalServer(home, ports[0]!, certificates);
    await server.startAgain();
    await server.#makeNamespace();
    return server;
  }

  /** What makes a process a client of this server, by Temporal's environment configuration. */
  get environment(): Record<string, string> {
    const { authority, client } = this.#certificates;
    return {
      TEMPORAL_ADDRESS: this.address,
      TEMPORAL_TLS: 'true',
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority,
      TEMPORAL_TLS_CLIENT_CERT_PATH: client.certificate,
      TEMPORAL_TLS_CLIENT_KEY_PATH: client.key,
      TEMPORAL_TLS_SERVER_NAME: SERVER_NAME,
    };
  }

  async startAgain(): Promise<void> {
    const log = await open(path.join(this.#folder, 'log'), 'a');
    this.#server = spawn(
      PROGRAM,
      ['--root', this.#folder, '--config', '.', '--env', 'development', '--allow-no-auth', 'start'],
      { stdio: ['ignore', log.fd, log.fd] },
    );
    await log.close();
  }

  kill(): Promise<void> {
    return endProcess(this.#server);
  }

  /** A connection of a client with a certificate, as soon as the server answers. */
  async connect(): Promise<Connection> {
    const { authority, client } = this.#certificates;
    const tls = {
      serverNameOverride: SERVER_NAME,
      serverRootCACertificate: await readFile(authority),
      clientCertPair: { crt: await readFile(client.certificate), key: await readFile(client.key) },
    };
    for (;;) {
      try {
        return await Connection.connect({ address: this.address, tls, connectTimeout: '1s' });
      } catch (error) {
        if (this.#server!.exitCode === null) continue;
        const log = await readFile(path.join(this.#folder, 'log'), 'utf8');
        throw new Error(`the Temporal server has ended: ${log.slice(-2000)}`, { cause: error });
      }
    }
  }

  async #makeNamespace(): Promise<void> {
    const connection = await this.connect();
    await connection.workflowService.registerNamespace({
      namespace: 'default',
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await connection.close();
  }
}

async function layOut(database: PostgreSql): Promise<void> {
  for (const [schema, name] of Object.entries(DATABASES)) {
    const tool = (...words: string[]): Promise<unknown> =>
      execa(SQL_TOOL, [
        ...['--plugin', 'postgres12', '--ep', '127.0.0.1', '--port', String(database.port)],
        ...['--user', PostgreSql.user, '--db', name, ...words],
      ]);
    await tool('create-database', '--defaultdb', 'postgres');
    await tool('setup-schema', '--version', '0.0');
    await tool('update-schema', '--schema-name', `postgresql/v12/${schema}`);
  }
}

function configuration(
  database: PostgreSql,
  ports: readonly number[],
  { authority, server }: Certificates,
): object {
  const dataStore = (databaseName: string): object => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `127.0.0.1:${database.port}`,
      connectProtocol: 'tcp',
      user: PostgreSql.user,
      maxConns: 20,
      maxIdleConns: 20,
      maxConnLifetime: '1h',
    },
  });
  const own = { certFile: server.certificate, keyFile: server.key };
  const guarded = {
    server: { ...own, requireClientAuth: true, clientCaFiles: [authority] },
    client: { serverName: SERVER_NAME, rootCaFiles: [authority] },
  };
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: 4,
      datastores: {
        default: dataStore(DATABASES.temporal),
        visibility: dataStore(DATABASES.visibility),
      },
    },
    global: {
      membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' },
      tls: {
        internode: guarded,
        frontend: guarded,
        systemWorker: { ...own, client: guarded.client },
      },
    },
    services: Object.fromEntries(
      SERVICES.map((name, i) => [
        name,
        {
          rpc: {
            grpcPort: ports[i],
            membershipPort: ports[SERVICES.length + i],
            bindOnLocalHost: true,
          },
        },
      ]),
    ),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${ports[0]}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
  };
}
