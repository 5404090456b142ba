import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { conclude } from '../../cli/conclude.js';
import type { Findings } from '../../cli/findings.js';
import type { PointCounts } from '../../analysis/summary.js';
import { initialState, progressOf } from '../../study/conductor-state.js';
import type { Progress } from '../../study/orchestration.js';
import type { RunEnding } from '../../workers/engines/run-options.js';

const ROWS: PointCounts = {
  planned: 10,
  certified: 10,
  uncertified: 0,
  failed: 0,
  diverged: 0,
  missing: 0,
};

let stderr: MockInstance<typeof process.stderr.write>;

beforeEach(() => {
  stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** What people are told of a study that ended. */
function told(progress: Partial<Progress>, rows: Partial<PointCounts> | null): string {
  const whole = { ...progressOf(initialState()), ...progress };
  const ending: RunEnding = { engine: 'local', state: 'done', progress: whole };
  const summary = { points: { ...ROWS, ...rows } };
  const findings =
    rows === null ? null : ({ summary, report: 'report.html' } as unknown as Findings);
  const next = { goOn: 'go on', retry: 'retry it' };
  conclude('study', { store: 'store', json: true }, ending, findings, next);
  return stderr.mock.calls.map(([text]) => String(text)).join('');
}

const points = { total: 10, done: 10, failed: 0, cached: 0 };
const shards = { total: 3, done: 3, failed: 0, inFlight: 0 };

describe('the end of a run', () => {
  it('says nothing more of a study whose points are all there', () => {
    expect(told({ points, shards }, {})).toBe('');
    expect(process.exitCode).toBeUndefined();
  });

  it('points to the rows of points that have failed', () => {
    const line = told({ points: { ...points, done: 8, failed: 2 }, shards }, { certified: 8, failed: 1, diverged: 1 }); // prettier-ignore
    expect(line).toBe('2 points failed; their rows say why. Solve them again with: retry it\n');
    expect(process.exitCode).toBe(3);
  });

  it('does not take the points of a shard that failed for such as had landed', () => {
    const lines = told(
      { points: { ...points, done: 6, failed: 4 }, shards: { ...shards, done: 2, failed: 1 } },
      { certified: 6, missing: 4 },
    );
    expect(lines).toBe(
      '4 points failed; where there is no row, what is above says why. Solve them again with: retry it\n',
    );
  });

  it.each([
    ['was never analyzed there', null],
    ['has no row there', { certified: 0 }],
  ])('is no success when the study %s, though all of it was solved', (_, rows) => {
    expect(() => told({ points, shards }, rows)).toThrow(
      /ended, but the store store has not what came of it/,
    );
  });

  it('counts what had landed and is gone', () => {
    const lines = told(
      { points: { ...points, done: 6, failed: 4 }, shards: { ...shards, done: 2, failed: 1 } },
      { certified: 3, missing: 7 },
    );
    expect(lines).toContain('3 points that had landed are gone or damaged.');
  });
});
