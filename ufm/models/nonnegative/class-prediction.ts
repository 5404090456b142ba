import { increasingRoot } from '../increasing-root.js';
import { productLog } from './product-log.js';

/**
 * A sample's predictions under a bias when its feature is optimal: z = tau (e - p), p = softmax(z + b), with tau such that
 * |p - e| is the price of the feature, or tau = 0 where it is below that without one.
 */
export interface ClassPrediction {
  readonly tau: number;
  /** The probability of the own class, that of all others, and the cross entropy. */
  readonly own: number;
  readonly rest: number;
  readonly loss: number;
  /** J values: the probability of any one other class of each cluster. */
  readonly others: Float64Array;
  /** |p - e|. */
  readonly distance: number;
}

/** How far log tau may be below where |p - e| is less than the price. */
const LONGEST_WAY = 90;
/** Logits beyond which a probability underflows. */
const FARTHEST = 700;

/**
 * Solves min over z of CE(z + b, e) + price |z| for a class of cluster `own`. For a given tau, log p_i + tau p_i is b_i but
 * for a constant, so that all p_i follow from the odds of being wrong, which are the root of an increasing function; |p - e|
 * falls as tau grows, and tau is another such root.
 *
 * @param counts how many other classes each cluster has
 * @param near where tau may be; 0 where nothing is known
 */
export function predictClass(
  own: number,
  counts: Float64Array,
  bias: Float64Array,
  price: number,
  near: number,
): ClassPrediction {
  const leads = bias.map((b) => b - bias[own]!);
  const without = predictionAt(leads, counts, 0);
  if (!(without.distance > price)) return without;
  let high = Math.max(2 * near, 1);
  while (predictionAt(leads, counts, high).distance > price) high *= 4;
  const most = Math.log(high);
  const tau = increasingRoot(
    (logTau) => {
      const prediction = predictionAt(leads, counts, Math.exp(logTau));
      return {
        value: Math.log(price / prediction.distance),
        slope: (prediction.tau * bend(prediction, counts)) / prediction.distance ** 2,
      };
    },
    most - LONGEST_WAY,
    most,
    near > 0 ? Math.log(near) : most - 1,
  );
  return predictionAt(leads, counts, Math.exp(tau));
}

/** The predictions for a tau, from the biases of the clusters less the own one's. */
function predictionAt(leads: Float64Array, counts: Float64Array, tau: number): ClassPrediction {
  const J = counts.length;
  const others = new Float64Array(J);
  /** The log of the odds of being wrong that follow from those given, and minus the slope. */
  const follow = (logOdds: number) => {
    const rest = 1 / (1 + Math.exp(-logOdds));
    const logOwn = logOfOwn(logOdds);
    let sum = 0;
    let slope = 0;
    for (let a = 0; a < J; a++) {
      if (counts[a] === 0) continue;
      const p = productLog(leads[a]! + logOwn - tau * rest, tau);
      others[a] = p;
      sum += counts[a]! * p;
      slope += (counts[a]! * p) / (1 + tau * p);
    }
    const own = Math.exp(logOwn);
    return { value: Math.log(sum) - logOwn, slope: (slope / sum) * rest * (1 + tau * own) - rest };
  };
  const free = logOfSum(leads, counts);
  const logOdds =
    tau === 0
      ? free
      : increasingRoot(
          (x) => {
            const { value, slope } = follow(x);
            return { value: x - value, slope: 1 + slope };
          },
          -FARTHEST,
          Math.min(free, FARTHEST),
        );
  follow(logOdds);
  let rest = 0;
  let squares = 0;
  for (let a = 0; a < J; a++) {
    rest += counts[a]! * others[a]!;
    squares += counts[a]! * others[a]! * others[a]!;
  }
  const logOwn = logOfOwn(logOdds);
  return {
    tau,
    own: Math.exp(logOwn),
    rest,
    loss: -logOwn,
    others,
    distance: Math.sqrt(rest * rest + squares),
  };
}

/** log(1 / (1 + odds)). */
function logOfOwn(logOdds: number): number {
  return logOdds > 0 ? -logOdds - Math.log1p(Math.exp(-logOdds)) : -Math.log1p(Math.exp(logOdds));
}

function logOfSum(leads: Float64Array, counts: Float64Array): number {
  let largest = -Infinity;
  leads.forEach((lead, a) => {
    if (counts[a]! > 0) largest = Math.max(largest, lead);
  });
  let sum = 0;
  leads.forEach((lead, a) => {
    if (counts[a]! > 0) sum += counts[a]! * Math.exp(lead - largest);
  });
  return largest + Math.log(sum);
}

/** (e - p)'B(e - p), with B the curvature of the cross entropy that is left when tau is held: see `curvature.ts`. */
function bend({ tau, own, rest, others }: ClassPrediction, counts: Float64Array): number {
  const ofOwn = own / (1 + tau * own);
  let weight = ofOwn;
  let first = ofOwn * rest;
  let second = ofOwn * rest * rest;
  for (let a = 0; a < others.length; a++) {
    const p = others[a]!;
    const ofOther = (counts[a]! * p) / (1 + tau * p);
    weight += ofOther;
    first -= ofOther * p;
    second += ofOther * p * p;
  }
  return second - (first * first) / weight;
}
