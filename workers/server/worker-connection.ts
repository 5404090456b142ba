import { NativeConnection } from '@temporalio/worker';
import { usable } from './connection.js';
import type { ServerAccess } from './server-access.js';

/**
 * For workers. Close it after them. In a file of its own, since commands that only ask need not load what works: that
 * takes a third of a second.
 *
 * @throws Error when nothing answers, or there is no such namespace: the SDK would wait for one for ever
 */
export async function connectWorker(access: ServerAccess): Promise<NativeConnection> {
  return usable(NativeConnection.connect(access.connection), access);
}
