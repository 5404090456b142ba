import type { ServerAccess } from '../workers/server/server-access.js';
import { findServer } from '../workers/server/find-server.js';
import type { StudyClient } from '../workers/client/study-client.js';

/** A connection with the server of a store that outlives the server: it is found again where it is next. */
export class ServerLink {
  readonly #find: () => Promise<ServerAccess | null>;
  #client: { readonly address: string; readonly connected: Promise<StudyClient> } | null = null;

  /**
   * @param store absolute folder or URL of the store
   * @param address of a server, or null for the configured one or that of a `run` under way
   */
  constructor(store: string, address: string | null) {
    this.#find = () => findServer(store, address);
  }

  /**
   * @returns null when there is no server now
   * @throws Error when there should be one, and it does not answer
   */
  async client(): Promise<StudyClient | null> {
    const access = await this.#find();
    const address = access?.connection.address ?? null;
    if (this.#client !== null && this.#client.address !== address) await this.close();
    if (access === null) return null;
    this.#client ??= { address: address!, connected: connect(access) };
    try {
      return await this.#client.connected;
    } catch (error) {
      this.#client = null;
      throw error;
    }
  }

  async close(): Promise<void> {
    const closing = this.#client;
    this.#client = null;
    await closing?.connected.then((client) => client.close()).catch(() => undefined);
  }
}

/** Temporal's client is loaded when there is a server: a command that finds none is done in half the time. */
async function connect(access: ServerAccess): Promise<StudyClient> {
  const { StudyClient } = await import('../workers/client/study-client.js');
  return StudyClient.connect(access);
}
