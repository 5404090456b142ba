import type { ShardOutcome } from '../study/orchestration.js';
import { encodeRows, type EncodedPart } from '../results/part.js';
import type { ShardPoint } from '../results/plan-file.js';
import type { Provenance, Row } from '../results/row.js';
import type { Solution } from '../ufm/solution.js';
import type { SolveOptions } from '../ufm/solve-options.js';
import { hasFailed } from './outcome.js';
import { plannedInstances } from './planned-instances.js';
import { solveTraced } from './solve-traced.js';
import { span } from './span.js';

/** A solution with who found it, and when. */
export type SolvedPoint = Pick<Row, 'solution' | 'provenance'>;

/** The points of a shard, and what is known of them. */
export interface PartTask {
  readonly points: readonly ShardPoint[];
  /** What is solved, by point key; the points that are not among them are solved. */
  readonly solved: ReadonlyMap<string, SolvedPoint>;
  /** Of the points that are solved here. */
  readonly provenance: Omit<Provenance, 'solvedAt'>;
}

/** What there is to measure of a point that was solved. */
export type Measures = Pick<Solution, 'status' | 'relativeGap' | 'seconds' | 'backend' | 'device'>;

/** The part of a shard, ready to be published with its entry. */
export interface SolvedPart extends Pick<EncodedPart, 'bytes' | 'facts'> {
  readonly outcome: ShardOutcome;
  /** Of the points that were solved here, those that were known already left out. */
  readonly measures: readonly Measures[];
}

/**
 * Solves what is left of a shard and encodes its part: all in one place, so that rows need not travel between threads,
 * which costs as much as an exact solution.
 *
 * @throws UnsolvablePoint, before anything is solved
 */
export async function solvePart(
  { points, solved, provenance }: PartTask,
  options: SolveOptions,
): Promise<SolvedPart> {
  const instances = plannedInstances(points);
  const open = instances.filter((_, i) => !solved.has(points[i]!.key));
  const solutions = await solveTraced(open, options);
  const found = solutions.values();
  const solvedAt = new Date();
  const rows = points.map(({ key }, i): Row => ({
    key,
    instance: instances[i]!,
    ...(solved.get(key) ?? {
      solution: found.next().value!,
      provenance: { ...provenance, solvedAt },
    }),
  }));
  const { bytes, statuses, facts } = await span('encode', {}, () =>
    Promise.resolve(encodeRows(rows)),
  );
  return {
    bytes,
    facts,
    outcome: { points: rows.length, failed: statuses.filter(hasFailed).length },
    measures: solutions.map(({ status, relativeGap, seconds, backend, device }) => ({
      status,
      relativeGap,
      seconds,
      backend,
      device,
    })),
  };
}
