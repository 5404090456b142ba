import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * How a process of workers is: `starting` until all of them poll, `out` while it takes no work in one of its stores because that
 * cannot be used, `draining` once it was asked to stop, `failed` when one of them has broken.
 */
export type Health = 'starting' | 'ready' | 'out' | 'draining' | 'failed';

/** The same with what there is to say of it, in lines for people. */
export interface HealthReport {
  readonly health: Health;
  readonly reasons: readonly string[];
}

/** Answers the probes of whoever runs this process, such as Kubernetes. */
export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `/healthz`, 200 unless a worker has failed, and `/readyz`, 200 while all workers poll; 503 otherwise. Both say
 * in a word how it is, which is their first line, and in those that follow why.
 *
 * @param port 0 for a free one
 * @throws Error when it cannot listen there, by its `code`
 */
export async function startHealthServer(
  { host, port }: { readonly host: string; readonly port: number },
  report: () => HealthReport,
): Promise<HealthServer> {
  const probes: Readonly<Record<string, (state: Health) => boolean>> = {
    '/healthz': (state) => state !== 'failed',
    '/readyz': (state) => state === 'ready',
  };
  const server = createServer((request, response) => {
    const probe = probes[request.url ?? ''];
    const { health, reasons } = report();
    const status = probe === undefined ? 404 : probe(health) ? 200 : 503;
    response.writeHead(status, { 'content-type': 'text/plain' });
    const lines = status === 404 ? ['Ask for /healthz or /readyz.'] : [health, ...reasons];
    response.end(lines.map((line) => `${line}\n`).join(''));
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
