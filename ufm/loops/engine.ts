import { layOut } from '../first-order/layout.js';
import type { Move } from '../first-order/descent.js';
import type { Batch, Engine } from '../first-order/engine.js';
import { beginWalk, moveOn, observe, type Walk } from './walk.js';

/** Vectors that a problem has in a walk. */
const VECTORS = 4;

/**
 * First-order steps in plain loops over float64 arrays, one problem after the other. A batch is as large as a
 * core's cache: beyond, each evaluation would fetch its vectors from memory.
 */
export const loops: Engine = {
  rounding: 1e-12,
  mostBytes: 2 ** 18,
  bytesOf: (problem) => VECTORS * Float64Array.BYTES_PER_ELEMENT * layOut(problem).end,
  begin: (problems, starts) =>
    new LoopBatch(problems.map((problem, i) => beginWalk(problem, starts[i]!))),
};

class LoopBatch implements Batch {
  #walks: readonly Walk[];

  constructor(walks: readonly Walk[]) {
    this.#walks = walks;
  }

  observe() {
    return Promise.resolve(this.#walks.map(observe));
  }

  move(moves: readonly Move[]) {
    this.#walks.forEach((walk, place) => {
      moveOn(walk, moves[place]!);
    });
  }

  read() {
    return Promise.resolve(this.#walks.map(({ variables }) => variables));
  }

  keep(places: readonly number[]) {
    this.#walks = places.map((place) => this.#walks[place]!);
  }

  dispose() {
    this.#walks = [];
  }
}
