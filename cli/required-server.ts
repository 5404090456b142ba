import { configuredServer, type ServerAccess } from '../workers/server/server-access.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';

/**
 * The server of a command that is nothing without one.
 *
 * @throws Failure (bad usage) when none is given or configured
 */
export function requiredServer(address: string | undefined): ServerAccess {
  const access = configuredServer(address ?? null);
  if (access !== null) return access;
  throw new Failure(
    'no Temporal server is configured: give --address or set TEMPORAL_ADDRESS',
    EXIT.badUsage,
  );
}
