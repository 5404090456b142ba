import type { Run } from './report.js';
import type { Solution } from './solution.js';

/** Numbers that every solution has: they cannot be null. */
const ALWAYS_THERE: ReadonlySet<string> = new Set<keyof Run>([
  'iterations',
  'polishIterations',
  'seconds',
]);

/**
 * The solution without what is not finite: null in its place, or zero where there is no null, and its name in the message.
 * No file and no line of JSON can hold such numbers, and readers treat each in its own way. A solution whose objective is
 * among them diverged; one whose gap is among them is not certified.
 */
export function onlyFinite(solution: Solution): Solution {
  const odd = Object.entries(solution).filter(([, value]) => !isFinite(value));
  if (odd.length === 0) return solution;
  const cleared = {
    ...solution,
    ...Object.fromEntries(odd.map(([name]) => [name, ALWAYS_THERE.has(name) ? 0 : null])),
  };
  const names = odd.map(([name, value]) => `${name} (${String(firstOdd(value))})`);
  const reason = `Not finite, and left out: ${names.join(', ')}.`;
  const message = solution.message === null ? reason : `${solution.message} ${reason}`;
  return { ...cleared, status: statusOf(solution, cleared), message };
}

function statusOf({ status, objective }: Solution, cleared: Solution): Solution['status'] {
  if (status !== 'certified' && status !== 'uncertified') return status;
  if (objective !== null && cleared.objective === null) return 'diverged';
  return cleared.relativeGap === null ? 'uncertified' : status;
}

function isFinite(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isFinite);
  return typeof value !== 'number' || Number.isFinite(value);
}

function firstOdd(value: unknown): unknown {
  return Array.isArray(value) ? value.flat().find((item) => !isFinite(item)) : value;
}
