import { Worker, type State, type WorkerOptions } from '@temporalio/worker';
import type { ServerAccess } from './server/server-access.js';
import { dataConverter } from './server/encryption.js';
import { connectWorker } from './server/worker-connection.js';
import type { Health } from './health.js';
import { deploymentOptions, installRuntime } from './runtime.js';
import { workerTracing } from './tracing/tracing.js';

/** What an activity in flight gets to finish when its worker is asked to stop, and what it gets to stop itself. */
const GRACE = '2s';
const FORCE = '10s';

/**
 * A long study is told to go on by its heartbeats alone. The SDK sends one a little before the timeout unless told
 * otherwise, which would lose most of what a killed activity had reported.
 */
const HEARTBEAT_AT_LEAST_EVERY = '500ms';

/** A Temporal worker of this process. */
export interface RunningWorker {
  /** Resolves when it has stopped; rejects when it broke. */
  readonly finished: Promise<void>;
  readonly health: Health;
  /** Stops polling, lets what is in flight finish for a moment, abandons the rest to other workers. */
  stop(): Promise<void>;
}

/** How a worker is, by the state that the SDK has it in. */
const HEALTH: Readonly<Record<State, Health>> = {
  INITIALIZED: 'starting',
  RUNNING: 'ready',
  STOPPING: 'draining',
  DRAINING: 'draining',
  DRAINED: 'draining',
  STOPPED: 'draining',
  FAILED: 'failed',
};

/** What a worker works with, and closes at its end. */
interface Resource {
  close(): Promise<void>;
}

/** Starts a worker with a connection of its own. The pools of its activities end with it, or when it does not start. */
export async function startWorker(
  access: ServerAccess,
  options: WorkerOptions,
  ...pools: readonly Resource[]
): Promise<RunningWorker> {
  installRuntime();
  const resources = [...pools];
  const close = async (): Promise<void> => {
    for (const resource of resources) await resource.close();
  };
  try {
    const connection = await connectWorker(access);
    resources.unshift(connection);
    const worker = await Worker.create({
      connection,
      namespace: access.namespace,
      dataConverter: dataConverter('worker'),
      ...deploymentOptions(),
      ...workerTracing(),
      shutdownGraceTime: GRACE,
      shutdownForceTime: FORCE,
      maxHeartbeatThrottleInterval: HEARTBEAT_AT_LEAST_EVERY,
      defaultHeartbeatThrottleInterval: HEARTBEAT_AT_LEAST_EVERY,
      ...options,
    });
    const finished = worker.run().finally(close);
    return {
      finished,
      get health() {
        return HEALTH[worker.getState()];
      },
      async stop() {
        if (worker.getState() === 'RUNNING') worker.shutdown();
        await finished;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
