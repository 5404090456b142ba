import type { Cluster } from '../study/instance.js';

/**
 * `minority-collapse`, `minority-mean`, `total-collapse`, `cluster-<j>-collapse` for a cluster in between, or `mean-<i>`
 * for the i-th largest singular value of the mean block of three or more clusters; in a long tail that is all there is.
 */
export type TransitionName =
  | 'minority-collapse'
  | 'minority-mean'
  | 'total-collapse'
  | `cluster-${number}-collapse`
  | `mean-${number}`;

/** What certificates say of a point. Arrays run over the J clusters, most samples first. */
export interface CertifiedPhase {
  readonly clusters: readonly Cluster[];
  readonly collapsed: readonly (boolean | null)[] | null;
  readonly meanCollapsed: boolean | null;
}

/** What the analysis of transitions reads of a point. */
export interface PhasePoint extends CertifiedPhase {
  readonly contrasts: readonly (number | null)[] | null;
  /** Sum of the singular values of Z D^(1/2), its nuclear norm. */
  readonly nuclearNorm: number | null;
  /** Singular values of Z D^(1/2), descending; null where they are not needed, for two clusters and fewer. */
  readonly singularValues: readonly number[] | null;
}

/** A place where a piece of the solution vanishes. */
export interface Transition {
  readonly name: TransitionName;
  /** The cluster whose classes coincide beyond it; null for the mean block, which is between clusters. */
  readonly cluster: number | null;
  /** Whether any row holds a certificate of it. */
  readonly certifiable: boolean;
  /** The phase of a point by certificate; null when undecided. */
  readonly collapsed: (point: CertifiedPhase) => boolean | null;
  /** The singular value that falls to zero; null when the point has no solution. */
  readonly orderParameter: (point: PhasePoint) => number | null;
}

/**
 * The transitions that points with these clusters can undergo, in the order in which a growing lambda meets them. A
 * cluster of one class has nothing to collapse. The mean block dies one singular value at a time, the smallest first;
 * where among the collapses of many clusters is not known beforehand.
 */
export function transitionsOf(clusters: readonly Cluster[]): Transition[] {
  const shared = clusters.map((_, j) => j).filter((j) => clusters[j]![0] >= 2);
  const smallest = shared.at(-1);
  const collapses = shared.reverse().map((j) => clusterCollapse(j, nameOf(j, smallest)));
  return [
    ...collapses.filter(({ cluster }) => cluster !== 0),
    ...meanTransitions(clusters.length),
    ...collapses.filter(({ cluster }) => cluster === 0),
  ];
}

function nameOf(cluster: number, smallest: number | undefined): TransitionName {
  if (cluster === 0) return 'total-collapse';
  return cluster === smallest ? 'minority-collapse' : `cluster-${cluster + 1}-collapse`;
}

function clusterCollapse(cluster: number, name: TransitionName): Transition {
  return {
    name,
    cluster,
    certifiable: true,
    // Where sample counts meet, clusters merge, and the last one speaks for those that are gone.
    collapsed: ({ clusters, collapsed }) =>
      collapsed?.[Math.min(cluster, clusters.length - 1)] ?? null,
    orderParameter: ({ clusters, contrasts }) =>
      contrasts?.[Math.min(cluster, clusters.length - 1)] ?? null,
  };
}

function meanTransitions(clusters: number): Transition[] {
  if (clusters === 2) return [MINORITY_MEAN];
  return Array.from({ length: clusters - 1 }, (_, i) => clusters - 1 - i).map((place) => ({
    name: `mean-${place}`,
    cluster: null,
    certifiable: place === 1,
    // The certificate speaks of the whole block, which is gone with its largest value.
    collapsed: (point) =>
      place === 1 && point.clusters.length === clusters ? point.meanCollapsed : null,
    orderParameter: (point) =>
      point.clusters.length === clusters ? (meanSingularValues(point)?.[place - 1] ?? null) : null,
  }));
}

/** The singular values that are left, descending, when each contrast takes its k - 1 equal ones: the nearest. */
function meanSingularValues({ clusters, contrasts, singularValues }: PhasePoint): number[] | null {
  if (singularValues === null || contrasts === null) return null;
  const left = [...singularValues];
  clusters.forEach(([classes], j) => {
    for (let copy = 1; copy < classes; copy++) {
      const distances = left.map((value) => Math.abs(value - (contrasts[j] ?? 0)));
      left.splice(distances.indexOf(Math.min(...distances)), 1);
    }
  });
  return left;
}

/** Two clusters have a mean block of rank one: what the contrasts leave of the nuclear norm is its singular value. */
const MINORITY_MEAN: Transition = {
  name: 'minority-mean',
  cluster: null,
  certifiable: true,
  collapsed: ({ clusters, meanCollapsed }) => (clusters.length === 2 ? meanCollapsed : null),
  orderParameter: ({ clusters, contrasts, nuclearNorm }) => {
    if (clusters.length !== 2 || contrasts === null || nuclearNorm === null) return null;
    const within = clusters.reduce(
      (sum, [classes], j) => sum + (classes - 1) * (contrasts[j] ?? 0),
      0,
    );
    return Math.max(0, nuclearNorm - within);
  },
};
