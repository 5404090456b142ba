import { configuredServer, openServer, type ServerAccess } from './server-access.js';
import { runningServerAddress } from './embedded-server.js';
import { serverFolder } from './state-folder.js';

/**
 * The server that studies of a store run on: given, configured, or the embedded one of a `run` under way; null when
 * there is none.
 *
 * @param store absolute folder or URL of the store
 * @param address goes before what is configured
 * @throws ForeignFolderError when there is a folder for the embedded one in which others can write
 */
export async function findServer(
  store: string,
  address: string | null,
): Promise<ServerAccess | null> {
  const configured = configuredServer(address);
  if (configured !== null) return configured;
  const embedded = await runningServerAddress(await serverFolder(store));
  return embedded === null ? null : openServer(embedded);
}
