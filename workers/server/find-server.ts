import { homedir } from 'node:os';
import { join } from 'node:path';
import { placeOf } from '../../results/s3/settings.js';
import { configuredServer, openServer, type ServerAccess } from './server-access.js';
import { runningServerAddress } from './embedded-server.js';

/**
 * The folder for the processes of a store's studies: the embedded server, records of what runs. It is of this machine, so
 * it lies in the store only where the store is a folder, and else in the user's state folder.
 *
 * @param store absolute folder or URL of the store
 */
export function serverFolder(store: string): string {
  return join(store.includes('://') ? stateFolder(store) : store, 'server');
}

function stateFolder(url: string): string {
  const states = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  // The hash tells stores apart, the rest is for whoever looks.
  const readable = url.replace(/^.*:\/\//, '').replaceAll(/[^\w.-]+/g, '-');
  return join(states, 'ufm-sweep', `${readable}-${placeOf(url)}`);
}

/**
 * The server that studies of a store run on: given, configured, or the embedded one of a `run` under way; null when
 * there is none.
 *
 * @param store absolute folder or URL of the store
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
