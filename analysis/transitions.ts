import type { Cluster } from '../study/instance.js';

/** `minority-collapse`, `minority-mean`, `total-collapse`, or `cluster-<j>-collapse` for a cluster in between. */
export type TransitionName =
  'minority-collapse' | 'minority-mean' | 'total-collapse' | `cluster-${number}-collapse`;

/** What the analysis of transitions reads of a point. Arrays run over the J clusters, most samples first. */
export interface PhasePoint {
  readonly clusters: readonly Cluster[];
  readonly contrasts: readonly (number | null)[] | null;
  readonly collapsed: readonly (boolean | null)[] | null;
  readonly meanCollapsed: boolean | null;
  /** Sum of the singular values of Z D^(1/2), its nuclear norm. */
  readonly nuclearNorm: number | null;
}

/** A place where a piece of the solution vanishes. */
export interface Transition {
  readonly name: TransitionName;
  /** The cluster whose classes coincide beyond it; null for the mean block, which is between clusters. */
  readonly cluster: number | null;
  /** The phase of a point by certificate; null when undecided. */
  readonly collapsed: (point: PhasePoint) => boolean | null;
  /** The singular value that falls to zero; null when the point has no solution. */
  readonly orderParameter: (point: PhasePoint) => number | null;
}

/**
 * The transitions that points with these clusters can undergo, in the order in which a growing lambda meets them. A
 * cluster of one class has nothing to collapse; the mean block of two clusters dies between their thresholds.
 */
export function transitionsOf(clusters: readonly Cluster[]): Transition[] {
  const shared = clusters.map((_, j) => j).filter((j) => clusters[j]![0] >= 2);
  const smallest = shared.at(-1);
  const collapses = shared.reverse().map((j) => clusterCollapse(j, nameOf(j, smallest)));
  return [
    ...collapses.filter(({ cluster }) => cluster !== 0),
    ...(clusters.length === 2 ? [MINORITY_MEAN] : []),
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
    // Where sample counts meet, clusters merge, and the last one speaks for those that are gone.
    collapsed: ({ clusters, collapsed }) =>
      collapsed?.[Math.min(cluster, clusters.length - 1)] ?? null,
    orderParameter: ({ clusters, contrasts }) =>
      contrasts?.[Math.min(cluster, clusters.length - 1)] ?? null,
  };
}

/** Two clusters have a mean block of rank one: what the contrasts leave of the nuclear norm is its singular value. */
const MINORITY_MEAN: Transition = {
  name: 'minority-mean',
  cluster: null,
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
