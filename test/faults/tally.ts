import Table from 'cli-table3';

/** What came of a study that faults have struck, or of all studies of a campaign. */
export interface Outcome {
  readonly lost: number;
  readonly wrong: number;
  readonly stuck: number;
}

export const NOTHING_WRONG: Outcome = { lost: 0, wrong: 0, stuck: 0 };

export function sumOf(one: Outcome, other: Outcome): Outcome {
  return {
    lost: one.lost + other.lost,
    wrong: one.wrong + other.wrong,
    stuck: one.stuck + other.stuck,
  };
}

/** Counts faults by their kind. */
export class Tally {
  readonly #kinds = new Map<string, Outcome & { readonly times: number }>();

  constructor(kinds: readonly string[]) {
    for (const kind of kinds) this.#kinds.set(kind, { times: 0, ...NOTHING_WRONG });
  }

  /** @param outcome of the study that all of these faults have struck: nobody knows which one it was */
  count(struck: readonly string[], outcome: Outcome): void {
    for (const kind of struck) {
      const { times } = this.#kinds.get(kind)!;
      this.#kinds.set(kind, { times: times + 1, ...sumOf(this.#kinds.get(kind)!, outcome) });
    }
  }

  /** A table for people. */
  toString(): string {
    const table = new Table({
      head: ['kind of fault', 'times', 'lost', 'wrong', 'stuck'],
      colAligns: ['left', 'right', 'right', 'right', 'right'],
      style: { head: [], border: [], compact: true },
    });
    for (const [kind, { times, lost, wrong, stuck }] of this.#kinds)
      table.push([kind, times, lost, wrong, stuck]);
    return table.toString();
  }
}
