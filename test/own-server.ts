import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
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

/** A Temporal server that the tests of a file share, each with stores of its own; returns where it is, once a test runs. */
export function sharedServer(): () => string {
  let folder: string;
  let server: EmbeddedServer;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ufm-shared-'));
    const binary = (await findTemporalBinary())!;
    server = await startEmbeddedServer({ folder, binary, extraArguments: [] });
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });
  return () => server.address;
}
