import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import type { DeviceChoice } from '../ufm/tensor/backend.js';
import { configuredServer } from '../workers/connection.js';
import { startOrchestrator } from '../workers/orchestrator.js';
import { setTemporalLogLevel, type RunningWorker } from '../workers/running-worker.js';
import { startSolver } from '../workers/solver.js';
import { SOLVE_QUEUE } from '../workflows/names.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { addressOption, deviceOption, positiveInteger } from './options.js';
import { note } from './output.js';
import { stopRequest } from './stop-request.js';
import { thisWorker } from './this-worker.js';

interface WorkerCommandOptions {
  readonly role: 'solver' | 'orchestrator' | 'both';
  readonly queue: string;
  readonly device: DeviceChoice;
  readonly concurrency: number;
  readonly address?: string;
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
    .option('--queue <name>', 'task queue of the shards', SOLVE_QUEUE)
    .addOption(deviceOption())
    .option(
      '--concurrency <count>',
      'shards solved at the same time; one a core, or 1 for a GPU',
      positiveInteger,
      availableParallelism(),
    )
    .addOption(addressOption())
    .action(async ({ role, queue, device, concurrency, address }: WorkerCommandOptions) => {
      const access = configuredServer(address ?? null);
      if (access === null) {
        throw new Failure(
          'no Temporal server is configured: give --address or set TEMPORAL_ADDRESS',
          EXIT.badUsage,
        );
      }
      setTemporalLogLevel('WARN');
      const workers: RunningWorker[] = [];
      if (role !== 'solver') workers.push(await startOrchestrator(access));
      if (role !== 'orchestrator') {
        const worker = thisWorker();
        workers.push(await startSolver(access, { device, threads: concurrency, queue, worker }));
      }
      note(
        `Working (${role}) for ${access.connection.address!}, queue ${queue}. Ctrl-C stops after what is in flight.`,
      );
      const stop = stopRequest(() => {
        note('Stopping: what is in flight finishes or goes to other workers.');
      });
      stop.addEventListener(
        'abort',
        () => void Promise.allSettled(workers.map((worker) => worker.stop())),
      );
      await Promise.all(workers.map(({ finished }) => finished));
    });
}
