import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import type { DeviceChoice } from '../ufm/tensor/backend.js';
import { connectClient } from '../workers/server/connection.js';
import type { ServerAccess } from '../workers/server/server-access.js';
import type { Health, HealthReport } from '../workers/health.js';
import { startOrchestrator } from '../workers/orchestrator.js';
import type { RunningWorker } from '../workers/running-worker.js';
import { withTracing } from '../workers/tracing/tracing.js';
import { configureRuntime } from '../workers/runtime.js';
import { startSolver } from '../workers/solver.js';
import type { ServedStores } from '../workers/stores/served-stores.js';
import { watchStores } from '../workers/stores/watch-stores.js';
import { SOLVE_QUEUE } from '../workflows/names.js';
import {
  addressOption,
  deviceOption,
  listenAddress,
  positiveInteger,
  storeOption,
  type ListenAddress,
} from './options.js';
import { note } from './output.js';
import { packageVersion } from '../infra/package-file.js';
import { metricsAddress, serveHealth } from './probes.js';
import { requiredServer } from './required-server.js';
import { stopRequest } from './stop-request.js';
import { thisWorker } from './this-worker.js';

interface WorkerCommandOptions {
  readonly role: 'solver' | 'orchestrator' | 'both';
  readonly store: readonly string[];
  readonly queue: string;
  readonly device: DeviceChoice;
  readonly concurrency: number;
  readonly address?: string;
  readonly metrics?: ListenAddress;
  readonly health?: ListenAddress;
  readonly deployment?: string;
  readonly buildId: string;
}

/** `ufm-sweep worker`: a worker of a cluster, until it is asked to stop. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('work for a Temporal server: solve shards, plan studies, or both')
    .addOption(
      new Option('--role <role>', 'what this process does')
        .choices(['solver', 'orchestrator', 'both'])
        .default('both'),
    )
    .addOption(servedStoresOption())
    .option('--queue <name>', 'task queue of the shards', SOLVE_QUEUE)
    .addOption(deviceOption())
    .option(
      '--concurrency <count>',
      'shards solved at the same time; one a core, or 1 for a GPU',
      positiveInteger,
      availableParallelism(),
    )
    .addOption(addressOption())
    .option('--metrics <host:port>', 'serve Prometheus at /metrics there', listenAddress)
    .option('--health <host:port>', 'serve /healthz and /readyz there', listenAddress)
    .option(
      '--deployment <name>',
      'belong to a version of a worker deployment, by which Temporal hands out the work',
    )
    .option('--build-id <id>', 'the version of the deployment', packageVersion())
    .action((options: WorkerCommandOptions) =>
      withTracing({ worker: thisWorker(), onNotice: note }, null, () => work(options)),
    );
}

/** As of every command, but for several of them, and all below a folder or prefix. */
function servedStoresOption(): Option {
  const one = storeOption();
  return new Option(
    '--store <urls...>',
    'folders (or s3://bucket/prefix) of the results to work in; those that end in /* stand for all stores below',
  )
    .env(one.envVar!)
    .default([one.defaultValue as string]);
}

async function work(options: WorkerCommandOptions): Promise<void> {
  const access = requiredServer(options.address);
  configureRuntime({
    logLevel: 'WARN',
    metrics: options.metrics === undefined ? null : await metricsAddress(options.metrics),
    deployment:
      options.deployment === undefined
        ? null
        : { deploymentName: options.deployment, buildId: options.buildId },
  });
  const stop = stopRequest(() => {
    note('Stopping: what is in flight finishes or goes to other workers.');
  });
  const over = new AbortController();
  let starting = true;
  const workers: RunningWorker[] = [];
  const health = (): Health => {
    if (workers.some((worker) => worker.health === 'failed')) return 'failed';
    if (stop.aborted) return 'draining';
    const each = new Set(workers.map((worker) => worker.health));
    if (starting || each.has('starting') || each.has('draining')) return 'starting';
    return each.has('out') ? 'out' : 'ready';
  };
  let stores: ServedStores | null = null;
  const report = (): HealthReport => ({
    health: health(),
    reasons: (stores?.outages.list ?? []).map(({ reason }) => reason),
  });
  const stopAll = (): Promise<unknown> =>
    Promise.allSettled(workers.map((worker) => worker.stop()));

  const probes = options.health === undefined ? null : await serveHealth(options.health, report);
  try {
    stores = await watchStores(options.store, { signal: over.signal, onNotice: note });
    // Where there is nothing to work in yet, whether there is anybody to work for shows now all the same.
    if (stores.list.length === 0) await (await connectClient(access)).connection.close();
    for (const start of startsOf(access, stores, options)) workers.push(await start());
    starting = false;
    note(
      `Working (${options.role}) for ${access.connection.address!}, queue ${options.queue}, ` +
        `in ${placesOf(stores)}. Ctrl-C stops after what is in flight.`,
    );
    if (stop.aborted) return;
    stop.addEventListener('abort', () => void stopAll());
    await Promise.all(workers.map(({ finished }) => finished));
  } finally {
    // One that is left behind by another that broke would keep the process alive, half of what it is there for.
    over.abort();
    await stopAll();
    await probes?.close();
  }
}

function placesOf({ list }: ServedStores): string {
  return list.length === 0
    ? 'no store yet'
    : list.map(({ url, id }) => `${url} (${id})`).join(', ');
}

function startsOf(
  access: ServerAccess,
  stores: ServedStores,
  { role, device, concurrency, queue }: WorkerCommandOptions,
): (() => Promise<RunningWorker>)[] {
  const orchestrator = () => startOrchestrator(access, stores);
  const solver = () =>
    startSolver(access, stores, { device, threads: concurrency, queue, worker: thisWorker() });
  return [
    ...(role === 'solver' ? [] : [orchestrator]),
    ...(role === 'orchestrator' ? [] : [solver]),
  ];
}
