import type { Database } from '../results/database.js';
import { classCount, type Instance } from '../study/instance.js';

/** How long points take, on average over the rows of a store that are alike. */
export class MeasuredSeconds {
  readonly #seconds: ReadonlyMap<string, number>;

  private constructor(seconds: ReadonlyMap<string, number>) {
    this.#seconds = seconds;
  }

  static async of(database: Database): Promise<MeasuredSeconds> {
    const rows = await database.query<{ kind: string; seconds: number }>(
      `SELECT concat_ws(' ', solver, form, classes, clusters) AS kind, avg(seconds) AS seconds
       FROM entries GROUP BY kind`,
    );
    return new MeasuredSeconds(new Map(rows.map(({ kind, seconds }) => [kind, seconds])));
  }

  /** Seconds of one point; null when the store has no row like it. */
  of({ solver, form, clusters }: Instance): number | null {
    const kind = `${solver} ${form} ${classCount(clusters)} ${clusters.length}`;
    return this.#seconds.get(kind) ?? null;
  }
}
