import type { Instance } from '../study/instance.js';
import type { Solution } from '../ufm/solution.js';

/** Where a row comes from: enough to solve the point again, and to find the process that solved it. */
export interface Provenance {
  /** Which try of the shard solved the point, from 1. */
  readonly attempt: number;
  /** The worker process, e.g. `<pid>@<host>`. */
  readonly worker: string;
  /** Version of this program. */
  readonly codeVersion: string;
  /** Version of the numerics, a part of every point's key. */
  readonly numericalVersion: number;
  /** Hash of the study that asked for the point first. */
  readonly specHash: string;
  readonly solvedAt: Date;
}

/** One solved point: what a part holds a row of. */
export interface Row {
  readonly key: string;
  readonly instance: Instance;
  readonly solution: Solution;
  readonly provenance: Provenance;
}
