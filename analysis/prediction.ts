import type { Cluster, Problem } from '../study/instance.js';
import { hasRemedies } from '../study/remedies.js';
import type { AxisName } from '../study/study.js';
import { hasThreshold, predictedThreshold } from '../study/theory.js';
import { rootOf } from './theory/root-of.js';
import { criticalRatio } from './theory/critical-ratio.js';
import { meanTransition } from './theory/mean-transition.js';
import { totalCollapse } from './theory/total-collapse.js';
import type { Transition } from './transitions.js';

/** A point of a slice as theory sees it. */
export interface PredictedPoint extends Problem {
  /** Value of the axis. */
  readonly x: number;
  /** sqrt(lambdaW lambdaH). */
  readonly lambda: number;
  readonly lambdaB: number | null;
}

/** How lambda depends on each axis that scales it: as the axis, or as its square root. */
const POWER_OF_LAMBDA: Partial<Record<AxisName, number>> = {
  lambda: 1,
  lambdaTimesN: 1,
  lambdaTimesSqrtN: 1,
  lambdaOverThreshold: 1,
  lambdaW: 2,
  lambdaH: 2,
};

/** Two points that predict the same place differ by rounding only. */
const AGREEMENT = 1e-9;

/** Ratios of sample counts among which a transition is looked for, as powers of e. */
const LARGEST_RATIO = Math.log(1e12);

/**
 * Where theory puts a transition on an axis, from the points next to it; null where it is not known, and where not every
 * axis moves one number alone. An overlay to look at beside what was found, and never an input of it.
 */
export function predictedPlace(
  transition: Transition,
  along: AxisName,
  points: readonly PredictedPoint[],
): number | null {
  const places = points.map((point) => placeFrom(point, transition, along));
  const first = places[0] ?? null;
  if (first === null) return null;
  return places.every((place) => place !== null && Math.abs(place - first) <= AGREEMENT * first)
    ? first
    : null;
}

function placeFrom(point: PredictedPoint, transition: Transition, along: AxisName): number | null {
  if (!isKnown(point, transition)) return null;
  const power = POWER_OF_LAMBDA[along];
  if (power !== undefined) {
    const lambda = lambdaOf(point, transition);
    return lambda === null ? null : point.x * (lambda / point.lambda) ** power;
  }
  const ratio = ratioOf(point, transition);
  if (along === 'imbalanceRatio') return ratio;
  return along === 'majoritySamples' && ratio !== null ? ratio * point.clusters[1]![1] : null;
}

/** Whether theory knows a transition of a point's model: not of all that models of their own have. */
function isKnown(point: PredictedPoint, { cluster }: Transition): boolean {
  const { loss, features, boundW, lambdaB } = point;
  if (boundW !== undefined) return cluster === 1;
  if (!hasThreshold(point)) return false;
  if (features !== undefined) return cluster !== null && lambdaB === null;
  return loss === undefined || cluster !== null;
}

/** The lambda of a transition. */
function lambdaOf(point: PredictedPoint, { name, cluster }: Transition): number | null {
  const { clusters, lambdaB, boundW } = point;
  if (boundW !== undefined) return null;
  if (name === 'minority-mean') return meanTransition(point, lambdaB) ?? lastOfMeans(point);
  if (name === 'mean-1') return lastOfMeans(point);
  if (cluster === null || clusters[cluster] === undefined || point.margins !== undefined)
    return null;
  return predictedThreshold(point, cluster);
}

/** Where the mean block is the last to go, it goes where everything does. */
function lastOfMeans(point: PredictedPoint): number | null {
  const lambda = totalCollapse(point, point.lambdaB);
  const isLast = point.clusters.every(
    ([classes], j) => classes === 1 || predictedThreshold(point, j) < lambda,
  );
  return isLast && point.margins === undefined ? lambda : null;
}

/** The ratio n_A / n_B of a transition at the lambda and the n_B of a point, for two clusters without remedies. */
function ratioOf(point: PredictedPoint, { name, cluster }: Transition): number | null {
  const { clusters, lambda, lambdaB, features, boundW, boundH } = point;
  const [majority, minority] = clusters;
  // Remedies may change with the samples.
  if (clusters.length !== 2 || hasRemedies(point)) return null;
  const [ofA, ofB] = [majority![0], minority![0]];
  if (boundW !== undefined) {
    return criticalRatio(ofA, ofB, (ofA + ofB) * Math.sqrt(boundW * boundH!));
  }
  // f sqrt(n_B) / (k_A n_A + k_B n_B) = lambda, solved for r = n_A / n_B at this n_B.
  const f = features === undefined ? 1 : Math.sqrt((ofA + ofB - 1) / (ofA + ofB));
  if (cluster === 1) return (f / (lambda * Math.sqrt(minority![1])) - ofB) / ofA;
  if (name !== 'minority-mean') return null;
  const clustersAt = (ratio: number): readonly Cluster[] => [
    [ofA, ratio * minority![1]],
    [ofB, minority![1]],
  ];
  // Before the minority collapses its mean cannot vanish.
  const isLeft = (logRatio: number) => {
    const place = meanTransition({ clusters: clustersAt(Math.exp(logRatio)) }, lambdaB);
    return place === null ? 1 : place - lambda;
  };
  return isLeft(0) > 0 && isLeft(LARGEST_RATIO) < 0
    ? Math.exp(rootOf(isLeft, 0, LARGEST_RATIO))
    : null;
}
