import path from 'node:path';
import { onTestFinished } from 'vitest';
import { findTemporalBinary } from '../infra/temporal-binary.js';
import { startEmbeddedServer, type EmbeddedServer } from '../workers/server/embedded-server.js';

/** A Temporal server in `server/` of a folder, as `run` would have it there; gone after the test. */
export async function ownServer(folder: string): Promise<EmbeddedServer> {
  const starting = startEmbeddedServer({
    folder: path.join(folder, 'server'),
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
