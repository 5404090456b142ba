import type { ClientOptions } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';
import type { Attributes } from '../../activities/span.js';
import type { Worker } from '../../activities/surroundings.js';

/** What a process gives its Temporal clients and workers to be in traces, and how it ends. */
export interface Tracing {
  readonly client: Pick<ClientOptions, 'interceptors'>;
  readonly worker: Pick<WorkerOptions, 'interceptors' | 'sinks'>;
  /** Does some work as a trace of its own. */
  trace<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T>;
  /** Sends what has not been sent; takes seconds at most, and never rejects. */
  end(): Promise<void>;
}

/** The process that traces, as its traces name it. */
export interface TracedProcess {
  readonly worker: Worker;
  /** Gets a line when traces are wanted that cannot be had, or that were not received. */
  readonly onNotice: (line: string) => void;
}
