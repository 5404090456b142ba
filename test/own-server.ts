import path from 'node:path';
import { onTestFinished } from 'vitest';
import { findTemporalBinary } from '../infra/temporal-binary.js';
import { startEmbeddedServer, type EmbeddedServer } from '../workers/server/embedded-server.js';

/** A Temporal server in `server/` of a folder, as `run` would have it there; gone after the test. */
export async function ownServer(folder: string): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({
    folder: path.join(folder, 'server'),
    binary: (await findTemporalBinary())!,
    extraArguments: [],
  });
  onTestFinished(() => server.stop());
  return server;
}
