import type { WorkloadName } from './workloads.js';

/** What the processes of our contenders are asked. Peers are asked the same, with a file for the workload. */
export type Request =
  | {
      readonly do: 'prepare';
      readonly contender: string;
      readonly workload: WorkloadName;
      readonly count: number;
    }
  | { readonly do: 'run'; readonly contender: string };

/** How long it took until everything was loaded, compiled and warm. */
export interface Preparation {
  readonly seconds: number;
}

interface Clocks {
  /** Time that the process spent on cores: what the rates are by, for it hardly feels who else uses the machine. */
  readonly core_seconds: number;
  /** Time that went by: about the same on a machine with nothing else to do. */
  readonly wall_seconds: number;
}

/** A run of one of ours: relative gaps in the order of the instances. */
export interface Run extends Clocks {
  readonly gaps: readonly number[];
}

/** A run of a peer: points in the order of the instances. */
export interface PeerRun extends Clocks {
  readonly points: readonly Point[];
}

/** Where a peer arrived with one instance. */
export interface Point {
  /** F as the peer evaluated it, at its own variables and over all samples. */
  readonly objective: number;
  /**
   * Logits of the predictions that the lower bound is proved from, K x K row-major: entry i*K + k is the logit of class
   * i for the mean feature of class k, bias included.
   */
  readonly logits: readonly number[];
}
