import { NativeConnection } from '@temporalio/worker';
import { explained, requireNamespace } from './connection.js';
import type { ServerAccess } from './server-access.js';

/**
 * For workers. Close it after them. Apart from that of clients, since the SDK for workers takes a command that runs none a tenth of
 * a second to load.
 *
 * @throws Error when nothing answers, or there is no such namespace: the SDK would wait for one for ever
 */
export async function connectWorker(access: ServerAccess): Promise<NativeConnection> {
  const { connection } = access;
  const connected = await explained(connection.address!, NativeConnection.connect(connection));
  await requireNamespace(connected, access);
  return connected;
}
