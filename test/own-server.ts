import path from 'node:path';
import { onTestFinished } from 'vitest';
import { findTemporalBinary } from '../infra/temporal-binary.js';
import { startEmbeddedServer, type EmbeddedServer } from '../workers/server/embedded-server.js';

/**
 * A Temporal server of a test's own; gone after the test.
 *
 * @param at where its files lie: `run` finds it where it would have its own
 */
export async function ownServer(
  folder: string,
  at = path.join(folder, 'server'),
): Promise<EmbeddedServer> {
  const starting = startEmbeddedServer({
    folder: at,
    binary: (await findTemporalBinary())!,
    extraArguments: [],
  });
  // Before it has started: a test may be over by then.
  onTestFinished(async () => {
    await starting.then(
      (server) => server.stop(),
      () => undefined,
    );
  });
  return starting;
}
