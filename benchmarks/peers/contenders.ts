import path from 'node:path';
import { PROJECT_ROOT } from '../../infra/project-root.js';

/** Something that runs trials; it is a program with the command line of `scripts/common.py`. */
export interface Contender {
  readonly name: string;
  readonly title: string;
  readonly ours: boolean;
  readonly command: readonly string[];
}

/** The Python environment of the peers. */
export const ENVIRONMENT = path.join(PROJECT_ROOT, '.tools/scale-peers');

export const CONTENDERS: readonly Contender[] = [
  ours('local', 'ufm-sweep, local engine'),
  ours('temporal', 'ufm-sweep, Temporal engine'),
  peer('ray_tune', 'Ray Tune'),
  peer('optuna_memory', 'Optuna, in memory'),
  peer('optuna_sqlite', 'Optuna, SQLite'),
  peer('dask_futures', 'Dask'),
  peer('joblib_memory', 'joblib'),
];

function ours(engine: 'local' | 'temporal', title: string): Contender {
  const program = path.join(import.meta.dirname, 'ours.js');
  const command = [process.execPath, program, '--engine', engine];
  return { name: `ours-${engine}`, title, ours: true, command };
}

function peer(script: string, title: string): Contender {
  const file = path.join(PROJECT_ROOT, 'benchmarks/peers/scripts', `${script}.py`);
  const command = [path.join(ENVIRONMENT, 'bin/python'), file];
  return { name: script.replace('_', '-'), title, ours: false, command };
}
