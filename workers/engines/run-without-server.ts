import { initialState, progressOf } from '../../study/conductor-state.js';
import type { Progress } from '../../study/orchestration.js';
import { waitOf } from '../client/study-view.js';
import { runLocally } from './local-engine.js';
import { LocalRecord } from './local-record.js';
import type { RunEnding, RunOptions } from './run-options.js';
import { SolverPool } from '../threads/solver-pool.js';

/** Runs a study in this process alone; a record says that it runs, for whoever asks. */
export async function runWithoutServer(options: RunOptions): Promise<RunEnding> {
  const { device, threads, signal, reference } = options;
  const solver = await SolverPool.start(threads, { device });
  const record = new LocalRecord(reference);
  let progress = progressOf(initialState(options.window));
  let told: string | null = null;
  const onProgress = (latest: Progress): void => {
    progress = latest;
    const wait = waitOf(latest);
    if (wait !== null && wait !== told) options.onNotice(wait);
    told = wait;
    record.tell(latest);
    options.onProgress(latest);
  };
  try {
    const ending = await runLocally({ ...options, solver, onProgress });
    return { engine: 'local', state: ending === 'done' ? 'done' : 'interrupted', progress };
  } catch (error) {
    if (signal.aborted) return { engine: 'local', state: 'interrupted', progress };
    return { engine: 'local', state: 'failed', progress, message: String(error) };
  } finally {
    await solver.close();
    await record.remove();
  }
}
