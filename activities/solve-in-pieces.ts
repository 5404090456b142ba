import type { Point } from '../study/study.js';
import type { Solution } from '../ufm/solution.js';
import type { Pieces } from './pieces.js';
import type { Solver } from './solver.js';
import type { Surroundings } from './surroundings.js';

/** How long a piece should take: what is lost when a worker dies, about. */
const PIECE_SECONDS = 2;

/** The first piece is small, because nobody knows yet how long a point takes. */
const FIRST_PIECE = 4;

/** A shard that is done sooner than this is not worth a file a piece. */
const PUBLISH_AFTER_SECONDS = 3;

/**
 * Solves the points of a shard that no piece has, in pieces of a few seconds, over all lanes of the solver.
 *
 * @returns the solutions of all points, in their order
 */
export async function solveInPieces(
  points: readonly Point[],
  pieces: Pieces,
  solver: Solver,
  surroundings: Surroundings,
): Promise<Solution[]> {
  const solutions = await pieces.read();
  const open = points.flatMap((point, index) =>
    solutions.has(point.key) ? [] : [{ point, index }],
  );
  const started = performance.now();
  const stop = new AbortController();
  const signal = AbortSignal.any([surroundings.signal, stop.signal]);
  let taken = 0;
  let done = points.length - open.length;
  let size = FIRST_PIECE;

  const report = (ended: number): void => {
    done += ended;
    surroundings.report({ done, of: points.length });
  };

  const solveOn = async (): Promise<void> => {
    while (taken < open.length) {
      const share = Math.ceil((open.length - taken) / solver.lanes);
      const piece = open.slice(taken, taken + Math.min(size, share));
      const pointsOfPiece = piece.map(({ point }) => point);
      taken += piece.length;
      const solved = await solver.solve(
        pointsOfPiece.map(({ instance }) => instance),
        signal,
        report,
      );
      pointsOfPiece.forEach(({ key }, i) => solutions.set(key, solved[i]!));
      const seconds = solved.reduce((sum, solution) => sum + solution.seconds, 0);
      size = Math.max(1, Math.floor((PIECE_SECONDS * piece.length) / seconds));
      if (performance.now() - started > PUBLISH_AFTER_SECONDS * 1000) {
        await pieces.publish(piece[0]!.index, pointsOfPiece, solved);
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
  return points.map(({ key }) => solutions.get(key)!);
}
