import { findServer } from '../workers/server/find-server.js';
import { StudyClient } from '../workers/client/study-client.js';
import { Failure } from './failure.js';
import { storeAddress } from './known-store.js';

/** What commands that speak with a running study are given. */
export interface ServerOptions {
  readonly store: string;
  readonly address?: string;
}

/**
 * Speaks with the server of a study.
 *
 * @throws Failure when no server runs.
 */
export async function withStudyServer<T>(
  { store, address }: ServerOptions,
  act: (client: StudyClient) => Promise<T>,
): Promise<T> {
  const access = await findServer(storeAddress(store), address ?? null);
  if (access === null) {
    throw new Failure(
      'no Temporal server is running for this store: start the study with `ufm-sweep run`, or give --address. ' +
        'A study of the local engine is stopped by Ctrl-C and goes on with `ufm-sweep run`',
    );
  }
  const client = await StudyClient.connect(access);
  try {
    return await act(client);
  } finally {
    await client.close();
  }
}
