import type { Progress } from '../study/orchestration.js';
import type { DeviceShare, Landed } from './landed.js';
import type { Speed } from './rate.js';
import type { RunView, WorkerView } from './run-view.js';

/** What `status`, `watch` and the live page tell of a study. */
export interface StudyStatus extends Speed {
  readonly name: string;
  /**
   * `running`, `paused` and `waiting` (for a worker) come from what runs the study; the others, when nothing does,
   * from what has landed.
   */
  readonly state: 'running' | 'paused' | 'waiting' | 'done' | 'incomplete' | 'not started';
  readonly engine: RunView['engine'];
  /** Of the rounds planned so far. */
  readonly points: Progress['points'];
  /** Null when nobody who runs the study tells. */
  readonly progress: Progress | null;
  readonly workers: readonly WorkerView[];
  /** Null before the rows were read. */
  readonly devices: readonly DeviceShare[] | null;
  readonly troubles: readonly string[];
}

/**
 * Puts together what runs a study and what has landed of it.
 *
 * @param landed null when its rows were not read, which needs a run that tells its progress
 */
export function statusOf(
  name: string,
  run: RunView,
  landed: Landed | null,
  speed: Speed,
): StudyStatus {
  const { engine, progress, workers, troubles } = run;
  const points = progress?.points ?? { total: 0, done: 0, failed: 0, ...landed?.points, cached: 0 };
  return {
    name,
    state: stateOf(run, points),
    engine,
    points,
    progress,
    ...speed,
    workers,
    devices: landed?.devices ?? null,
    troubles,
  };
}

/** Whether nobody can say what runs the study, since the server that would know does not answer. */
export function isOutOfSight({ engine, troubles }: StudyStatus): boolean {
  return engine === null && troubles.length > 0;
}

/** Whether something runs the study. */
export function isUnderWay({ engine }: Pick<StudyStatus, 'engine'>): boolean {
  return engine !== null;
}

function stateOf(
  { engine, progress }: RunView,
  { total, done, failed }: Progress['points'],
): StudyStatus['state'] {
  if (engine !== null) {
    if (progress === null) return 'waiting';
    return progress.paused ? 'paused' : 'running';
  }
  if (total === 0) return 'not started';
  return done + failed === total ? 'done' : 'incomplete';
}
