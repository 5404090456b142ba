import type { Measurement } from './measure.js';
import { median } from './statistics.js';
import type { WorkloadName } from './workloads.js';

/** How many times faster than the fastest of some others one of ours is meant to be. */
interface Aim {
  readonly workload: WorkloadName;
  readonly ours: string;
  readonly others: RegExp;
  readonly of: string;
  readonly atLeast: number;
}

const AIMS: readonly Aim[] = [
  { workload: 'paper', ours: 'exact', others: /^cvxpy/u, of: 'the best of CVXPY', atLeast: 500 },
  { workload: 'paper', ours: 'exact', others: /^torch-batched/u, of: 'the best batched PyTorch', atLeast: 500 },
  { workload: 'paper', ours: 'exact', others: /^jax/u, of: 'the best JAX', atLeast: 150 },
  { workload: 'long-tail', ours: 'exact', others: /^jax/u, of: 'the best JAX', atLeast: 3 },
  { workload: 'paper', ours: 'tensor-native', others: /^torch-batched/u, of: 'the best batched PyTorch', atLeast: 5 },
  { workload: 'paper', ours: 'tensor-native', others: /^jax-bfgs/u, of: 'JAX with the same scheme', atLeast: 1 },
  { workload: 'paper', ours: 'tensor-wasm', others: /^torch-batched/u, of: 'the best batched PyTorch', atLeast: 1.5 },
]; // prettier-ignore

export interface Comparison extends Omit<Aim, 'others'> {
  /** How many times faster it was; null where one of the two did not run. */
  readonly measured: number | null;
}

/** The aims beside what was measured. */
export function compare(measurements: readonly Measurement[]): Comparison[] {
  return AIMS.map(({ others, ...aim }) => {
    const rates = (matches: (contender: string) => boolean) =>
      measurements
        .filter(({ workload, contender }) => workload === aim.workload && matches(contender))
        .map((measurement) => median(measurement.rates));
    const ours = Math.max(...rates((contender) => contender === aim.ours));
    const best = Math.max(...rates((contender) => others.test(contender)));
    const measured = ours / best;
    return { ...aim, measured: Number.isFinite(measured) && measured > 0 ? measured : null };
  });
}
