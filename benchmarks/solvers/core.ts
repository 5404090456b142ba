import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The core that every contender runs on, where the system can pin processes; null where it cannot. */
export const CORE = lastCore();

/** The command on the benchmark's core. */
export function pinned(command: readonly string[]): readonly string[] {
  return CORE === null ? command : ['taskset', '--cpu-list', CORE, ...command];
}

/** The environment with one thread for every library, and without settings that would slow some of them down. */
export function singleThreaded(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const rest = Object.entries(environment).filter(([name]) => !name.startsWith('OPENBLAS_'));
  return {
    ...Object.fromEntries(rest),
    OMP_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
    MKL_NUM_THREADS: '1',
    TF_NUM_INTRAOP_THREADS: '1',
    TF_NUM_INTEROP_THREADS: '1',
    XLA_FLAGS: '--xla_cpu_multi_thread_eigen=false',
    JAX_PLATFORMS: 'cpu',
  };
}

/** The last of the cores that this process may use: the first ones serve most interrupts. */
function lastCore(): string | null {
  if (process.platform !== 'linux' || spawnSync('taskset', ['--version']).status !== 0) return null;
  const status = readFileSync('/proc/self/status', 'utf8');
  return /^Cpus_allowed_list:.*?(\d+)$/mu.exec(status)?.[1] ?? null;
}
