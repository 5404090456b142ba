import type { Instance, SolverKind } from '../study/instance.js';

// What the machinery takes, as benchmarks measured it on one machine: docs/capacity.md says on which, and how to put
// one's own in. A test holds each figure to the file that it comes from. Seconds are CPU seconds of a core.

/** Rates of `benchmarks/results/capacity.json`. */
export const RATES = {
  /** Seconds a point. */
  planning: 10.5e-6,
  /** Seconds a point, to encode and publish what was solved, by exact points of two clusters. */
  writing: 25e-6,
  /** Seconds a point. */
  analyzing: 23.3e-6,
  /** Seconds a shard that takes two seconds, of an embedded server. */
  server: 14.9e-3,
  /** Seconds a shard, of the orchestrator and of the solver's share in orchestration. */
  orchestrating: 8.3e-3,
  /**
   * Bytes of the resident set of planning, without points and for each; and what 10^7 points took, beyond which it does not grow
   * (docs/decisions/plans.md).
   */
  planMemory: { process: 397e6, point: 140, most: 590e6 },
  /** How many times longer a point takes to plan where its key is not kept in memory; the same page. */
  planningTwice: 2.05,
  /** Bytes a point in the pages of a plan. */
  planBytes: 109,
  /** Bytes of a part beside its rows. */
  partBytes: 21_300,
  /** Bytes of the entry of a part in the catalog, without rows and for each, by exact points of two clusters. */
  entryBytes: { file: 5200, row: 78 },
  /** Bytes of history an event. */
  eventBytes: 198,
} as const;

/** Bytes of a row of K = 10 classes with so many sample counts; it has a value for each pair of them. */
export const ROW_BYTES: Readonly<
  Record<SolverKind, readonly (readonly [clusters: number, bytes: number])[]>
> = {
  exact: [
    [2, 231],
    [3, 305],
    [5, 513],
    [10, 1619],
  ],
  tensor: [
    [2, 351],
    [3, 435],
    [5, 650],
    [10, 1675],
  ],
};

/** Instances a second of one core, of `benchmarks/results/solvers.json`, by workload and contender there. */
export const SOLVED_PER_SECOND = {
  paper: { 'exact-row': 28_700, 'tensor-loops': 1350 },
  'long-tail': { 'exact-row': 1020, 'tensor-loops': 1290 },
  'per-sample': { 'tensor-loops': 31.3 },
} as const;

/** What was measured in place of a point. */
export interface Likeness {
  readonly seconds: number;
  /** In words, with the file that says so. */
  readonly like: string;
}

/** How long a point takes like which a store has no row, by the workload of the benchmark that is most like it. */
export function unmeasured({ solver, form, clusters }: Instance): Likeness {
  const { seconds, like } = rateOf(solver === 'tensor', form === 'per-sample', clusters.length);
  return { seconds, like: `${solver} solver, K = 10, ${like} (benchmarks/results/solvers.json)` };
}

/** The work of a feature a sample grows with the samples, of which those of the benchmark have 600 to 3,000. */
function rateOf(tensor: boolean, perSample: boolean, clusters: number): Likeness {
  const { paper, 'long-tail': tail, 'per-sample': samples } = SOLVED_PER_SECOND;
  if (tensor && perSample) {
    return { seconds: 1 / samples['tensor-loops'], like: 'a feature for each of 600 to 3,000 samples' }; // prettier-ignore
  }
  const [rates, like] = clusters <= 2 ? [paper, 'two clusters'] : [tail, 'a long tail'];
  return { seconds: 1 / rates[tensor ? 'tensor-loops' : 'exact-row'], like };
}

/** Bytes that the row of a point takes in a part, between the numbers of clusters that were measured by a line. */
export function rowBytes({ solver, clusters }: Pick<Instance, 'solver' | 'clusters'>): number {
  const measured = ROW_BYTES[solver];
  const next = measured.findIndex(([count]) => count >= clusters.length);
  const above = next < 0 ? measured.length - 1 : Math.max(1, next);
  const [low, high] = [measured[above - 1]!, measured[above]!];
  const slope = (high[1] - low[1]) / (high[0] ** 2 - low[0] ** 2);
  return low[1] + slope * (clusters.length ** 2 - low[0] ** 2);
}
