import type { ShardPoint } from '../results/plan-file.js';
import type { Provenance } from '../results/row.js';
import type { Solution } from '../ufm/solution.js';
import type { Pieces } from './pieces.js';
import { plannedInstances } from './planned-instances.js';
import type { SolvedPart } from './solve-part.js';
import type { Solver } from './solver.js';
import { span } from './span.js';
import type { Surroundings } from './surroundings.js';

/** How long a piece should take: what is lost when a worker dies, about. */
const PIECE_SECONDS = 2;

/** The first piece is small, because nobody knows yet how long a point takes. */
const FIRST_PIECE = 4;

/** A shard that is done sooner than this is not worth a file a piece. */
const PUBLISH_AFTER_SECONDS = 3;

/**
 * Solves the points of a shard that no piece has, in pieces of a few seconds, over all lanes of the solver. What is
 * not more than a piece is solved where the part is encoded; for a shard of quick points that is nearly all of it.
 */
export async function solveInPieces(
  points: readonly ShardPoint[],
  pieces: Pieces,
  provenance: Omit<Provenance, 'solvedAt'>,
  solver: Solver,
  surroundings: Surroundings,
): Promise<SolvedPart> {
  const solved = await pieces.read();
  const open = points.flatMap((point, index) => (solved.has(point.key) ? [] : [{ point, index }]));
  const started = performance.now();
  const stop = new AbortController();
  const signal = AbortSignal.any([surroundings.signal, stop.signal]);
  let taken = 0;
  let done = points.length - open.length;
  let size = FIRST_PIECE;
  let measured = false;

  const report = (ended: number): void => {
    done += ended;
    surroundings.report({ done, of: points.length });
  };

  const solveOn = async (): Promise<void> => {
    while (taken < open.length && !(measured && open.length - taken <= size)) {
      const share = Math.ceil((open.length - taken) / solver.lanes);
      const piece = open.slice(taken, taken + Math.min(size, share));
      const pointsOfPiece = piece.map(({ point }) => point);
      taken += piece.length;
      const solutions = await solver.solve(plannedInstances(pointsOfPiece), signal, report);
      const found = { ...provenance, solvedAt: new Date() };
      pointsOfPiece.forEach(({ key }, i) =>
        solved.set(key, { solution: solutions[i]!, provenance: found }),
      );
      size = pieceSize(solutions);
      measured = true;
      if (performance.now() - started > PUBLISH_AFTER_SECONDS * 1000) {
        const { index } = piece[0]!;
        await span('publish piece', { 'ufm.points': piece.length }, () =>
          pieces.publish(index, pointsOfPiece, solutions, found),
        );
      }
    }
  };

  report(0);
  try {
    await Promise.all(Array.from({ length: solver.lanes }, solveOn));
  } finally {
    // When one lane fails the others must not go on behind the back of whoever tries again.
    stop.abort();
  }
  return solver.solvePart({ points, solved, provenance }, surroundings.signal, report);
}

/** How many points take as long as a piece should, when they are like these. */
function pieceSize(solutions: readonly Solution[]): number {
  const seconds = solutions.reduce((sum, solution) => sum + solution.seconds, 0);
  return Math.max(1, Math.floor((PIECE_SECONDS * solutions.length) / seconds));
}
