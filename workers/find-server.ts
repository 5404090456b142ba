import { join } from 'node:path';
import { configuredServer, openServer, type ServerAccess } from './connection.js';
import { runningServerAddress } from './embedded-server.js';

/** The folder in a store that is for the processes of its studies: the embedded server, records of what runs. */
export function serverFolder(store: string): string {
  return join(store, 'server');
}

/**
 * The server that studies of a store run on: given, configured, or the embedded one of a `run` under way; null when
 * there is none.
 *
 * @param store absolute folder of the store
 * @param address goes before what is configured
 */
export async function findServer(
  store: string,
  address: string | null,
): Promise<ServerAccess | null> {
  const configured = configuredServer(address);
  if (configured !== null) return configured;
  const embedded = await runningServerAddress(serverFolder(store));
  return embedded === null ? null : openServer(embedded);
}
