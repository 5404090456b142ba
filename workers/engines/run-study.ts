import { provideTemporalBinary } from '../../infra/temporal-binary.js';
import { addressSpace, TEMPORAL_NEEDS_BYTES } from '../address-space.js';
import {
  runningServerAddress,
  startEmbeddedServer,
  type EmbeddedServer,
} from '../server/embedded-server.js';
import { readLocalRecord } from './local-record.js';
import type { RunEnding, RunOptions } from './run-options.js';
import { configuredServer, openServer } from '../server/server-access.js';

// Each takes a second to load: only the one that is wanted is, while the server starts.
const loadTemporal = () => import('./run-on-server.js');
const loadLocal = () => import('./run-without-server.js');

/**
 * Runs a study to its end, or goes on with it: with workers in this process, on a Temporal server that is given,
 * configured or embedded, or without one. Leaves no process behind, however it ends.
 *
 * @throws Error when no server answers at the address, `temporal` is wanted and none can be had, or nobody would solve.
 */
export async function runStudy(options: RunOptions): Promise<RunEnding> {
  await tellIfRunElsewhere(options);
  const configured = options.engine === 'local' ? null : configuredServer(options.address);
  if (configured !== null) return (await loadTemporal()).runOnServer(configured, false, options);
  if (options.threads === 0) {
    throw new Error(
      'Nobody would solve the study: --threads 0 leaves it to workers of a Temporal server, and none is given or configured.',
    );
  }
  if (options.engine === 'local') return (await loadLocal()).runWithoutServer(options);

  if (options.engine === 'auto' && addressSpace() < TEMPORAL_NEEDS_BYTES) {
    options.onNotice(
      'Running without a Temporal server (--engine local): the address space is limited (ulimit -v), and one needs 12 GB.',
    );
    return (await loadLocal()).runWithoutServer(options);
  }
  const binary = await provideTemporalBinary(options.onNotice, false);
  if (binary !== null) return runEmbedded(binary, options);
  if (options.engine === 'temporal') {
    throw new Error(
      'There is no Temporal server: give --address, or install the `temporal` command (https://docs.temporal.io/cli).',
    );
  }
  options.onNotice('Running without a Temporal server, in this process alone (--engine local).');
  return (await loadLocal()).runWithoutServer(options);
}

/** Both engines at once lose nothing, and do some of the work twice. */
async function tellIfRunElsewhere({
  reference,
  engine,
  serverFolder,
  onNotice,
}: RunOptions): Promise<void> {
  const local = await readLocalRecord(reference);
  if (local !== null) onNotice(runsToo(`Process ${local.pid} runs the study, too, without a Temporal server`)); // prettier-ignore
  const address = engine === 'local' ? await runningServerAddress(serverFolder) : null;
  if (address === null) return;
  const { StudyClient } = await import('../client/study-client.js');
  const client = await StudyClient.connect(openServer(address));
  try {
    if ((await client.open(reference)) !== null) onNotice(runsToo(`The Temporal server at ${address} runs the study, too`)); // prettier-ignore
  } finally {
    await client.close();
  }
}

function runsToo(who: string): string {
  return `${who}: what both solve at the same time is solved twice and counts once.`;
}

async function runEmbedded(binary: string, options: RunOptions): Promise<RunEnding> {
  const folder = options.serverFolder;
  const loading = loadTemporal();
  const { webInterface } = options;
  const server = await startEmbeddedServer({ folder, binary, webInterface, extraArguments: [] });
  if (webInterface) options.onNotice(describeWebInterface(server));
  const over = new AbortController();
  let told = false;
  const supervising = server.supervise(over.signal, ({ message }) => {
    if (!told) options.onNotice(`${message}\nIt is tried again until it does.`);
    told = true;
  });
  try {
    const { runOnServer } = await loading;
    return await runOnServer(openServer(server.address), server.isAlone, options);
  } finally {
    over.abort();
    await supervising;
    await server.stop();
  }
}

function describeWebInterface({ webInterface }: EmbeddedServer): string {
  return webInterface === null
    ? 'The embedded Temporal server was started by another run, without its web interface.'
    : `Temporal's web interface: ${webInterface}`;
}
