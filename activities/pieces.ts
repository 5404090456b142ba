import type { ShardPoint } from '../results/plan-file.js';
import type { StudyReference } from '../study/orchestration.js';
import type { ColumnShape } from '../results/arrow-values.js';
import { DamagedFileError } from '../results/checksum.js';
import { decodeParquet, encodeParquet } from '../results/parquet.js';
import { versionFolder } from '../results/paths.js';
import type { Store } from '../results/store.js';
import type { Solution } from '../ufm/solution.js';

const COLUMNS = [
  { name: 'point_key', type: 'utf8', nullable: false, distinct: true },
  { name: 'solution', type: 'utf8', nullable: false, distinct: true },
] as const satisfies readonly ColumnShape[];

/**
 * What is solved of a shard that takes long, a file a piece, so that whoever tries the shard again resumes there.
 * Solutions are JSON: a piece is read by this program only, and only until its part has landed.
 */
export class Pieces {
  readonly #store: Store;
  readonly #folder: string;

  constructor(store: Store, reference: StudyReference, shardId: string) {
    this.#store = store;
    this.#folder = `${versionFolder(reference)}/pieces/${shardId}`;
  }

  /** @param first index in the shard of the first point of the piece, which names it */
  async publish(
    first: number,
    points: readonly Pick<ShardPoint, 'key'>[],
    solutions: readonly Solution[],
  ): Promise<void> {
    const keys = points.map(({ key }) => key);
    const texts = solutions.map((solution) => JSON.stringify(solution));
    const bytes = encodeParquet(COLUMNS, [[keys, texts]]);
    await this.#store.publish(`${this.#folder}/${first}.parquet`, bytes);
  }

  /** The solutions of every piece, by point key. A damaged piece is set aside and its points are solved again. */
  async read(): Promise<Map<string, Solution>> {
    const solutions = new Map<string, Solution>();
    for (const path of await this.#store.list(this.#folder)) {
      const bytes = await this.#store.read(path);
      if (bytes === null) continue;
      try {
        for (const row of decodeParquet(bytes, COLUMNS)) {
          solutions.set(
            row['point_key'] as string,
            JSON.parse(row['solution'] as string) as Solution,
          );
        }
      } catch (error) {
        if (!(error instanceof DamagedFileError)) throw error;
        await this.#store.quarantine(path);
      }
    }
    return solutions;
  }
}
