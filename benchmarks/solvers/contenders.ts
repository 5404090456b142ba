import { DEVICE_CHOICES } from '../../ufm/tensor/backend.js';
import type { WorkloadName } from './workloads.js';

/** A way of solving a workload, in a process that it may share with others of its library. */
export interface Contender {
  /** What its process knows it by. */
  readonly name: string;
  readonly title: string;
  readonly process: ProcessName;
  /**
   * Instances that a run solves: the first so many of the workload, more than it has from the beginning again; what
   * takes some seconds, and for batches what suits them. No entry: it does not solve this kind of instance.
   */
  readonly counts: Readonly<Partial<Record<WorkloadName, number>>>;
}

/** Ours run in a process for each device, the peers in one for each library. */
export type ProcessName = `ours-${string}` | Library;

export type Library = 'cvxpy' | 'torch' | 'jax';

const devices = DEVICE_CHOICES.filter((device) => device !== 'auto' && device !== 'cpu');

export const OURS: readonly Contender[] = [
  {
    name: 'exact',
    title: 'exact solver, float64',
    process: 'ours-exact',
    counts: { paper: 65_536, 'long-tail': 512 },
  },
  {
    name: 'exact-row',
    title: 'exact solver, with all columns of its row',
    process: 'ours-exact',
    counts: { paper: 32_768, 'long-tail': 512 },
  },
  ...devices.map((device) => ({
    name: `tensor-${device}`,
    title: `tensor solver, ${device}`,
    process: `ours-${device}` as const,
    counts: { paper: 2048, 'long-tail': 1024, 'per-sample': 192 },
  })),
];

const schemes = {
  adam: 'Adam',
  nesterov: 'Nesterov with restart',
  bfgs: "memoryless BFGS (the tensor solver's scheme)",
  lbfgs: 'L-BFGS, 10 pairs',
};

const precisions = ['float64', 'float32'] as const;

export const PEERS: readonly Contender[] = [
  ...['CLARABEL', 'SCS'].map((solver) => ({
    name: `cvxpy-${solver.toLowerCase()}`,
    title: `CVXPY, ${solver}`,
    process: 'cvxpy' as const,
    counts: { paper: 24, 'long-tail': 24 },
  })),
  {
    name: 'torch-one-float64',
    title: 'PyTorch, Adam, one instance, float64',
    process: 'torch',
    counts: { paper: 6, 'long-tail': 6, 'per-sample': 3 },
  },
  ...precisions.map((precision) => ({
    name: `torch-batched-${precision}`,
    title: `PyTorch, Adam, batched, ${precision}`,
    process: 'torch' as const,
    counts: { paper: 1024, 'long-tail': 512, 'per-sample': 48 },
  })),
  ...Object.entries(schemes).flatMap(([scheme, title]) =>
    precisions.map((precision) => ({
      name: `jax-${scheme}-${precision}`,
      title: `JAX, ${title}, ${precision}`,
      process: 'jax' as const,
      counts:
        scheme === 'adam'
          ? { paper: 1024, 'long-tail': 512, 'per-sample': 48 }
          : { paper: 2048, 'long-tail': 1024, 'per-sample': 192 },
    })),
  ),
];
