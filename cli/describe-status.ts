import type { StudyStatus } from '../live/status.js';
import { duration } from './duration.js';
import { printableLine } from './printable.js';

/** The status of a study as one line for people. */
export function describeStatus(status: StudyStatus): string {
  const { name, state, points, progress } = status;
  const { total, done, failed, cached } = points;
  const parts = [
    `${name}: ${state}`,
    `${done} of ${total} points${cached > 0 ? ` (${cached} reused)` : ''}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(progress === null ? [] : [`${progress.stage}, round ${progress.round}`]),
    ...(progress === null ? [] : [`${progress.shards.inFlight} shards in flight`]),
    ...describeSpeed(status),
    ...describeMachines(status),
  ];
  return [parts.join(', '), ...status.troubles].map(printableLine).join('\n');
}

/** How fast it goes and how long it takes, as far as that is known. */
export function describeSpeed({ rate, remainingSeconds }: StudyStatus): string[] {
  return [
    ...(rate === null ? [] : [`${rate < 10 ? rate.toFixed(1) : Math.round(rate)} points/s`]),
    ...(remainingSeconds === null ? [] : [`ETA ${duration(remainingSeconds)}`]),
  ];
}

/** Who works on it, and on what. */
export function describeMachines({ workers, devices }: StudyStatus): string[] {
  const working = workers.length === 1 ? '1 worker' : `${workers.length} workers`;
  return [
    ...(workers.length === 0 ? [] : [working]),
    ...(devices === null || devices.length === 0
      ? []
      : [`on ${devices.map(({ device }) => device).join(', ')}`]),
  ];
}
