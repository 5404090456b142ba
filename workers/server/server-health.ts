import { setTimeout as delay } from 'node:timers/promises';
import { isRunning } from './processes.js';
import type { ServerRecord } from './server-record.js';

const HEALTHY_WITHIN_MS = 30_000;

/** Waits until the server serves its default namespace; false when it stops or takes too long. */
export async function becomesHealthy(record: ServerRecord): Promise<boolean> {
  const deadline = Date.now() + HEALTHY_WITHIN_MS;
  while (Date.now() < deadline && isRunning(record.server)) {
    if (await isHealthy(record.address)) return true;
    await delay(100);
  }
  return false;
}

async function isHealthy(address: string): Promise<boolean> {
  // Loading it takes a while, in which the server starts.
  const { Connection } = await import('@temporalio/client');
  const { channelArguments } = await import('./proxy.js');
  try {
    const connection = await Connection.connect({
      address,
      connectTimeout: '1s',
      channelArgs: channelArguments(address),
    });
    try {
      await connection.withDeadline(Date.now() + 2_000, () =>
        connection.workflowService.describeNamespace({ namespace: 'default' }),
      );
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}
