import type { Database } from '../results/database.js';
import { LandedIndex } from '../results/landed-index.js';
import { canonicalInstance } from '../study/canonical.js';
import type { Instance, SolverKind } from '../study/instance.js';
import { pointKey } from '../study/key.js';
import type { Point } from '../study/study.js';
import { NUMERICAL_VERSION } from '../ufm/numerical-version.js';

/** What made rows of a store, beside the problem itself. */
interface Maker {
  readonly numerical_version: number;
  readonly solver: SolverKind;
  readonly tolerance: number;
  readonly polish: boolean;
}

/**
 * Why points that look solved have to be solved again: the store has a row of the same problem by the same solver, but
 * another version of the numerics or other settings made it. The solver is part of the question, as in a study that
 * asks both for each point: the row of one does not age when the other's is wanted.
 */
export class Staleness {
  readonly #index: LandedIndex;
  readonly #makers: readonly Maker[];

  private constructor(index: LandedIndex, makers: readonly Maker[]) {
    this.#index = index;
    this.#makers = makers;
  }

  static async of(database: Database): Promise<Staleness> {
    const makers = await database.query<Maker>(
      `SELECT DISTINCT numerical_version, solver, tolerance, polish FROM entries
       ORDER BY numerical_version DESC, solver, tolerance, polish`,
    );
    return new Staleness(await LandedIndex.of(database), makers);
  }

  /** Of those of the points that are stale, why: the least that differs, such as `numerical version 1, now 2`. */
  async reasonsOf(points: readonly Point[]): Promise<string[]> {
    const candidates = points.map(({ instance }) =>
      this.#makers.flatMap((maker) => variantBy(maker, instance) ?? []).sort(byDifferences),
    );
    const keys = candidates.flatMap((variants) => variants.map(({ key }) => key));
    if (keys.length === 0) return [];
    const landed = await this.#index.statusesOf(keys);
    return candidates.flatMap((variants) => {
      const found = variants.find(({ key }) => landed.has(key));
      return found === undefined ? [] : [found.differences.join('; ')];
    });
  }
}

/** The same problem as another maker solves it. */
interface Variant {
  readonly key: string;
  /** What differs, in words. */
  readonly differences: readonly string[];
}

function byDifferences(a: Variant, b: Variant): number {
  return a.differences.length - b.differences.length;
}

function variantBy(maker: Maker, instance: Instance): Variant | null {
  const { numerical_version: version, solver, tolerance, polish } = maker;
  if (solver !== instance.solver) return null;
  const variant = canonicalInstance({ ...instance, tolerance, polish });
  const differences = [
    ...(version === NUMERICAL_VERSION
      ? []
      : [`numerical version ${version}, now ${NUMERICAL_VERSION}`]),
    ...(['tolerance', 'polish'] as const)
      .filter((field) => variant[field] !== instance[field])
      .map((field) => `${field} ${String(variant[field])}, now ${String(instance[field])}`),
  ];
  return differences.length === 0 ? null : { key: pointKey(variant, version), differences };
}
