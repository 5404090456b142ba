import type { Dice } from './dice.js';
import type { Fault } from './fault.js';

/** Waiting for so long is worth it once in so many turns. */
const LONG_SECONDS = 60;
const TURNS_BETWEEN_LONG = 4;

/** Kinds of faults in turn, so that a short campaign has many; chance decides their order in each turn. */
export class Deck {
  readonly #kinds: readonly Fault[];
  readonly #dice: Dice;
  #left: Fault[] = [];
  #turns = 0;

  constructor(kinds: readonly Fault[], dice: Dice) {
    if (kinds.length === 0) throw new Error('there are no kinds of faults to choose from');
    this.#kinds = kinds;
    this.#dice = dice;
  }

  draw(): Fault {
    while (this.#left.length === 0) {
      const withLong = this.#turns % TURNS_BETWEEN_LONG === 0;
      this.#left = this.#kinds.filter(({ seconds }) => withLong || seconds < LONG_SECONDS);
      this.#turns += 1;
    }
    return this.#left.splice(this.#dice.below(this.#left.length), 1)[0]!;
  }
}
