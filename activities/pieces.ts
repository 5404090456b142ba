import type { ShardPoint } from '../results/plan-file.js';
import type { StudyReference } from '../study/orchestration.js';
import type { ColumnShape } from '../results/arrow-values.js';
import { DamagedFileError, OtherColumnsError } from '../results/checksum.js';
import { decodeParquet, encodeParquet } from '../results/parquet.js';
import { isPiecePath, piecePath, shardPiecesFolder } from '../results/paths.js';
import type { Store } from '../results/store.js';
import { UnusableFile } from '../results/unusable-file.js';
import type { Provenance } from '../results/row.js';
import type { Solution } from '../ufm/solution.js';
import type { SolvedPoint } from './solve-part.js';

const COLUMNS = [
  { name: 'point_key', type: 'utf8', nullable: false, distinct: true },
  { name: 'solution', type: 'utf8', nullable: false, distinct: true },
  { name: 'provenance', type: 'utf8', nullable: false },
] as const satisfies readonly ColumnShape[];

/**
 * What is solved of a shard that takes long, a file a piece, so that whoever tries the shard again resumes there.
 * Solutions, and who found them, are JSON: a piece is read by this program only, and only until its part has landed.
 */
export class Pieces {
  readonly #store: Store;
  readonly #reference: StudyReference;
  readonly #shard: string;
  readonly #paths = new Set<string>();

  constructor(store: Store, reference: StudyReference, shard: string) {
    this.#store = store;
    this.#reference = reference;
    this.#shard = shard;
  }

  /** @param first index in the shard of the first point of the piece, which names it */
  async publish(
    first: number,
    points: readonly Pick<ShardPoint, 'key'>[],
    solutions: readonly Solution[],
    provenance: Provenance,
  ): Promise<void> {
    const keys = points.map(({ key }) => key);
    const texts = solutions.map((solution) => JSON.stringify(solution));
    const found = keys.map(() => JSON.stringify(provenance));
    const bytes = encodeParquet(COLUMNS, [[keys, texts, found]]);
    const path = piecePath(this.#reference, this.#shard, first);
    await this.#store.publish(path, bytes);
    this.#paths.add(path);
  }

  /**
   * What every piece holds, by point key. A damaged piece is set aside and its points are solved again; that of another
   * version is passed over.
   */
  async read(): Promise<Map<string, SolvedPoint>> {
    const solved = new Map<string, SolvedPoint>();
    for (const path of await this.#store.list(shardPiecesFolder(this.#reference, this.#shard))) {
      if (!isPiecePath(path)) continue;
      const bytes = await this.#store.read(path).catch(unlessUnusable);
      if (bytes === null) continue;
      this.#paths.add(path);
      try {
        for (const row of decodeParquet(bytes, COLUMNS)) {
          solved.set(row['point_key'] as string, {
            solution: JSON.parse(row['solution'] as string) as Solution,
            provenance: provenanceOf(row['provenance'] as string),
          });
        }
      } catch (error) {
        if (!(error instanceof DamagedFileError)) throw error;
        if (error instanceof OtherColumnsError) continue;
        await this.#store.quarantine(path, bytes);
      }
    }
    return solved;
  }

  /** Removes them: the part has landed. Those that stay are swept one day. */
  async discard(): Promise<void> {
    const removing = [...this.#paths].map((path) => this.#store.remove(path));
    await Promise.allSettled(removing);
  }
}

/** What cannot be read has to be solved. */
function unlessUnusable(error: unknown): null {
  if (error instanceof UnusableFile) return null;
  throw error;
}

function provenanceOf(text: string): Provenance {
  const provenance = JSON.parse(text) as Omit<Provenance, 'solvedAt'> & { solvedAt: string };
  return { ...provenance, solvedAt: new Date(provenance.solvedAt) };
}
