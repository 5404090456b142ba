import { IllegalStateError, type WorkerDeploymentVersion } from '@temporalio/common';
import {
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  type LogLevel,
  type WorkerDeploymentOptions,
} from '@temporalio/worker';
import { prometheusExporter } from './metrics.js';

/** What all workers of a process have in common. */
export interface RuntimeSettings {
  /** Of Temporal's log, which goes to stderr. */
  readonly logLevel: LogLevel;
  /** `IP:port` where Prometheus finds the metrics; null for none. */
  readonly metrics: string | null;
  /** The version of a worker deployment that they belong to; null for none. */
  readonly deployment: WorkerDeploymentVersion | null;
}

let settings: RuntimeSettings = { logLevel: 'WARN', metrics: null, deployment: null };

/** For a process that has not started a worker yet. */
export function configureRuntime(chosen: RuntimeSettings): void {
  settings = chosen;
}

/**
 * How the server is to tell versions apart: a run of a study stays with the one that it began with, and so do its
 * shards, because what plans and what solves have to agree on the numerics. It moves to a new version when it
 * continues as new, which it does as soon as there is one; see `workflows/study.ts`.
 */
export function deploymentOptions(): { workerDeploymentOptions?: WorkerDeploymentOptions } {
  const version = settings.deployment;
  if (version === null) return {};
  return {
    workerDeploymentOptions: {
      version,
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  };
}

/**
 * Starts Temporal's native runtime, with SIGINT and SIGTERM left to this program. Not before there is a worker, since
 * it keeps a process alive until the last of its workers has stopped.
 *
 * @throws Error when the metrics cannot be served at their address
 */
export function installRuntime(): void {
  const { logLevel, metrics } = settings;
  try {
    Runtime.install({
      logger: new DefaultLogger(logLevel),
      // Forwarded, because what the native side logs by itself goes to stdout, which is for results.
      telemetryOptions: {
        logging: {
          filter: makeTelemetryFilterString({ core: logLevel, other: logLevel }),
          forward: {},
        },
        ...(metrics !== null && { metrics: prometheusExporter(metrics) }),
      },
      shutdownSignals: [],
    });
  } catch (error) {
    // Another worker of this process has it running.
    if (error instanceof IllegalStateError) return;
    if (metrics === null) throw error;
    throw new Error(`Metrics cannot be served at ${metrics}`, { cause: error });
  }
}
