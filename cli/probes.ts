import { lookup } from 'node:dns/promises';
import { startHealthServer, type HealthReport, type HealthServer } from '../workers/health.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import type { ListenAddress } from './options.js';

/**
 * Starts the server of `--health`.
 *
 * @throws Failure (bad usage) when it cannot listen there
 */
export async function serveHealth(
  address: ListenAddress,
  report: () => HealthReport,
): Promise<HealthServer> {
  try {
    return await startHealthServer(address, report);
  } catch (error) {
    throw new Failure(
      `--health cannot listen on ${address.host}:${address.port}: ${(error as Error).message}`,
      EXIT.badUsage,
    );
  }
}

/**
 * The address of `--metrics` with its host as an IP, which is all that Temporal's native side understands.
 *
 * @throws Failure (bad usage) when the host has no IP
 */
export async function metricsAddress({ host, port }: ListenAddress): Promise<string> {
  try {
    const { address, family } = await lookup(host);
    return `${family === 6 ? `[${address}]` : address}:${port}`;
  } catch (error) {
    throw new Failure(
      `--metrics: the host ${host} is not known (${(error as Error).message})`,
      EXIT.badUsage,
    );
  }
}
