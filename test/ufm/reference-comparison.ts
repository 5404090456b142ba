import { clusterName, type ReferenceInstance } from './reference-instances.js';

/** What an answer has to agree in with a reference. */
export interface Answer {
  readonly objective: number;
  readonly relativeGap: number;
  readonly collapsed: readonly (boolean | null)[];
  readonly cosW: CosineTable;
  readonly cosH: CosineTable;
  readonly cosZ: CosineTable;
}

type CosineTable = readonly (readonly (number | null)[])[];

/** How far an answer is from the reference's. */
export interface Comparison {
  readonly tag: string;
  readonly relativeGap: number;
  /** Relative difference of the objectives. */
  readonly objective: number;
  /** The largest difference of a cosine; Infinity where one is null and the other is not. */
  readonly cosines: number;
  readonly wrongFlags: number;
}

export function compare(reference: ReferenceInstance, answer: Answer): Comparison {
  const flags = reference.clusters.map(([k], j) =>
    k > 1 ? reference.collapsed[clusterName(j)] : null,
  );
  return {
    tag: reference.tag,
    relativeGap: answer.relativeGap,
    objective: Math.abs(answer.objective - reference.objective) / reference.objective,
    cosines: Math.max(
      cosineDifference(answer.cosW, reference.cos_W),
      cosineDifference(answer.cosH, reference.cos_H),
      cosineDifference(answer.cosZ, reference.cos_Z_rows),
    ),
    wrongFlags: flags.filter((flag, j) => flag !== answer.collapsed[j]).length,
  };
}

/** The worst of the comparisons, by tag, for a table. */
export function tableOf(comparisons: readonly Comparison[]) {
  const tags = [...new Set(comparisons.map(({ tag }) => tag))];
  return tags.map((tag) => {
    const ofTag = comparisons.filter((comparison) => comparison.tag === tag);
    return {
      tag,
      instances: ofTag.length,
      'relative gap': worst(ofTag, 'relativeGap'),
      objective: worst(ofTag, 'objective'),
      cosines: worst(ofTag, 'cosines'),
      'wrong flags': worst(ofTag, 'wrongFlags'),
    };
  });
}

export function worst(
  comparisons: readonly Comparison[],
  name: Exclude<keyof Comparison, 'tag'>,
): number {
  return Math.max(...comparisons.map((comparison) => comparison[name]));
}

function cosineDifference(
  table: CosineTable,
  theirs: Readonly<Record<string, number | null>>,
): number {
  const differences = table.flatMap((row, a) =>
    row.slice(a).map((cosine, c) => {
      const name = clusterName(a) + (c > 0 ? clusterName(a + c) : '');
      const other = theirs[name] ?? null;
      if (cosine === null || other === null) return cosine === other ? 0 : Infinity;
      return Math.abs(cosine - other);
    }),
  );
  return Math.max(...differences);
}
