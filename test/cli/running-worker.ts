import { spawn, type ChildProcess } from 'node:child_process';
import getPort from 'get-port';
import { onTestFinished } from 'vitest';
import { identify } from '../../workers/server/processes.js';
import { projectFile } from './command.js';

/** Where it serves. */
export const HOST = '127.0.0.1';

/** How often, and how long, to ask a worker that takes its time on a loaded machine. */
export const POLLING = { timeout: 50_000, interval: 50 };

export interface ServingWorker {
  readonly child: ChildProcess;
  /** Status and body of a probe, in a line. */
  readonly ask: (probe: string) => Promise<string>;
  /** What Prometheus would get. */
  readonly scrape: () => Promise<string>;
  /** All that it has said so far. */
  readonly printed: () => string;
}

/**
 * `ufm-sweep worker`, with what it serves; gone after the test.
 *
 * @param more words of its command
 */
export async function startWorker(
  address: string,
  store: string,
  env: Readonly<Record<string, string>> = {},
  more: readonly string[] = [],
): Promise<ServingWorker> {
  const [metrics, health] = [await getPort({ host: HOST }), await getPort({ host: HOST })];
  const words = [
    'worker',
    '--address',
    address,
    '--concurrency',
    '1',
    '--device',
    'loops',
    '--store',
    store,
    ...more,
  ];
  words.push('--metrics', `localhost:${metrics}`, '--health', `${HOST}:${health}`);
  const child = spawn(process.execPath, [projectFile('dist/cli/main.js'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (printed += String(chunk)));
  }
  onTestFinished(() => {
    if (identify(child.pid!) !== null) child.kill('SIGKILL');
  });
  return {
    child,
    printed: () => printed,
    async ask(probe) {
      const response = await fetch(`http://${HOST}:${health}${probe}`).catch(() => null);
      return response === null ? 'no answer' : `${response.status} ${await response.text()}`;
    },
    async scrape() {
      const response = await fetch(`http://${HOST}:${metrics}/metrics`);
      return response.text();
    },
  };
}
