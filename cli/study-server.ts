import { join } from 'node:path';
import { configuredServer, openServer, type ServerAccess } from '../workers/connection.js';
import { runningServerAddress } from '../workers/embedded-server.js';
import { StudyClient } from '../workers/study-client.js';
import { Failure } from './failure.js';
import { storeAddress } from './study-name.js';

/** What commands that speak with a running study are given. */
export interface ServerOptions {
  readonly store: string;
  readonly address?: string;
}

/** The folder of the embedded server that studies of a store run on. */
export function serverFolder(storeUrl: string): string {
  return join(storeAddress(storeUrl), 'server');
}

/**
 * The server that a study runs on: given, configured, or the embedded one of a `run` under way; null when there is
 * none.
 */
export async function findServer({ store, address }: ServerOptions): Promise<ServerAccess | null> {
  const configured = configuredServer(address ?? null);
  if (configured !== null) return configured;
  const embedded = await runningServerAddress(serverFolder(store));
  return embedded === null ? null : openServer(embedded);
}

/**
 * Speaks with the server of a study.
 *
 * @throws Failure when no server runs.
 */
export async function withStudyServer<T>(
  options: ServerOptions,
  act: (client: StudyClient) => Promise<T>,
): Promise<T> {
  const access = await findServer(options);
  if (access === null) {
    throw new Failure(
      'no Temporal server is running for this store: start the study with `ufm-sweep run`, or give --address. ' +
        'A study of the local engine is stopped by Ctrl-C and goes on with `ufm-sweep run`',
    );
  }
  return withClient(access, act);
}

/** Speaks with a server that is known to run. */
export async function withClient<T>(
  access: ServerAccess,
  act: (client: StudyClient) => Promise<T>,
): Promise<T> {
  const client = await StudyClient.connect(access);
  try {
    return await act(client);
  } finally {
    await client.close();
  }
}
