import type { Problem } from '../study/instance.js';
import { hasRemedies } from '../study/remedies.js';
import type { AxisName } from '../study/study.js';
import { hasThreshold, predictedThreshold } from '../study/theory.js';
import type { Transition } from './transitions.js';

/** A point of a slice as theory sees it. */
export interface PredictedPoint extends Problem {
  /** Value of the axis. */
  readonly x: number;
  /** sqrt(lambdaW lambdaH). */
  readonly lambda: number;
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

/**
 * Where theory puts a transition on an axis, from the points next to it; null where no closed form is known (the
 * mean block's transition depends on the bias, and not every axis moves one number alone). An overlay to look at
 * beside what was found, and never an input of it.
 */
export function predictedPlace(
  transition: Transition,
  along: AxisName,
  points: readonly PredictedPoint[],
): number | null {
  const places = points.map((point) => placeFrom(point, transition.cluster, along));
  const first = places[0] ?? null;
  if (first === null) return null;
  return places.every((place) => place !== null && Math.abs(place - first) <= AGREEMENT * first)
    ? first
    : null;
}

function placeFrom(point: PredictedPoint, cluster: number | null, along: AxisName): number | null {
  const { x, clusters, lambda } = point;
  if (cluster === null || clusters[cluster] === undefined) return null;
  // Where nonnegative features vanish depends on the bias.
  if (!hasThreshold(point) || point.margins !== undefined || point.features !== undefined) {
    return null;
  }
  const power = POWER_OF_LAMBDA[along];
  if (power !== undefined) return x * (predictedThreshold(point, cluster) / lambda) ** power;
  const [majority, minority] = clusters;
  if (clusters.length !== 2 || cluster !== 1 || majority === undefined || minority === undefined)
    return null;
  // Remedies may change with the samples.
  if (hasRemedies(point)) return null;
  // sqrt(n_B) / (k_A n_A + k_B n_B) = lambda, solved for r = n_A / n_B at this n_B.
  const ratio = (1 / (lambda * Math.sqrt(minority[1])) - minority[0]) / majority[0];
  if (along === 'imbalanceRatio') return ratio;
  return along === 'majoritySamples' ? ratio * minority[1] : null;
}
