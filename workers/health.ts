import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * How a process of workers is: `starting` until all of them poll, `draining` once it was asked to stop, `failed` when
 * one of them has broken.
 */
export type Health = 'starting' | 'ready' | 'draining' | 'failed';

/** Answers the probes of whoever runs this process, such as Kubernetes. */
export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `/healthz`, 200 unless a worker has failed, and `/readyz`, 200 while all workers poll; 503 otherwise. Both say
 * in a word how it is.
 *
 * @param port 0 for a free one
 * @throws Error when it cannot listen there, by its `code`
 */
export async function startHealthServer(
  { host, port }: { readonly host: string; readonly port: number },
  health: () => Health,
): Promise<HealthServer> {
  const probes: Readonly<Record<string, (state: Health) => boolean>> = {
    '/healthz': (state) => state !== 'failed',
    '/readyz': (state) => state === 'ready',
  };
  const server = createServer((request, response) => {
    const probe = probes[request.url ?? ''];
    const state = health();
    const status = probe === undefined ? 404 : probe(state) ? 200 : 503;
    response.writeHead(status, { 'content-type': 'text/plain' });
    response.end(status === 404 ? 'Ask for /healthz or /readyz.\n' : `${state}\n`);
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
