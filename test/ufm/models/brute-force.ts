import type { Instance } from '../../../study/instance.js';
import { normal, uniform } from '../random-instances.js';

/**
 * A model of a few classes as it is stated. Its variables stand one after the other: W (K x d), a feature a class times what
 * makes its penalty that of all alike (K x d), b.
 */
interface Stated {
  readonly instance: Instance;
  readonly K: number;
  readonly d: number;
  /** The weight of each class in the loss, its target's entries for itself and for others. */
  readonly weights: readonly number[];
  readonly own: number;
  readonly other: number;
  /** sqrt(n_k) where features have a penalty, one where they have a bound. */
  readonly scales: readonly number[];
}

const STALLED = 1e-15;
const STEPS_TO_STALL = 100;

/**
 * The least objective that descents from several random starts find: nothing of clusters, dual problems or closed forms is
 * in it. Steps along the gradient with Nesterov's momentum, restarted where they lead uphill, and projected where the model
 * has constraints.
 */
export function leastByDescent(instance: Instance, starts: number, steps: number): number {
  const stated = state(instance);
  const random = uniform(7);
  const ends = Array.from({ length: starts }, () => {
    const size = 2 * stated.K * stated.d + stated.K;
    const start = Float64Array.from({ length: size }, () => Math.abs(normal(random)) - 0.3);
    return descend(stated, start, steps);
  });
  return Math.min(...ends);
}

function state(instance: Instance): Stated {
  const { clusters, classWeights, labelSmoothing = 0, labelNoise = 0, boundH } = instance;
  const n = clusters.flatMap(([k, samples]) => Array<number>(k).fill(samples));
  const omega = clusters.flatMap(([k], j) => Array<number>(k).fill(classWeights?.[j] ?? 1));
  const N = n.reduce((x, y) => x + y);
  const K = n.length;
  const kept = 1 - labelSmoothing;
  return {
    instance,
    K,
    d: instance.featureDimension,
    weights: n.map((samples, k) => (omega[k]! * samples) / N),
    own: kept * (1 - labelNoise) + labelSmoothing / K,
    other: (kept * labelNoise) / (K - 1) + labelSmoothing / K,
    scales: n.map((samples) => (boundH === undefined ? Math.sqrt(samples) : 1)),
  };
}

/** F; leaves its gradient. */
function expand(stated: Stated, x: Float64Array, gradient: Float64Array): number {
  const { instance, K, d, weights, own, other, scales } = stated;
  const [H, B] = [K * d, 2 * K * d];
  let value = 0;
  for (let at = 0; at < x.length; at++) {
    const price = at < H ? instance.lambdaW : at < B ? instance.lambdaH : (instance.lambdaB ?? 0);
    value += (price / 2) * x[at]! * x[at]!;
    gradient[at] = price * x[at]!;
  }
  const z = new Float64Array(K);
  const slope = new Float64Array(K);
  for (let k = 0; k < K; k++) {
    for (let i = 0; i < K; i++) {
      z[i] = x[B + i]!;
      for (let q = 0; q < d; q++) z[i]! += (x[i * d + q]! * x[H + k * d + q]!) / scales[k]!;
    }
    if (instance.loss === 'squared-error') {
      for (let i = 0; i < K; i++) {
        slope[i] = z[i]! - (i === k ? own : other);
        value += (weights[k]! / 2) * slope[i]! * slope[i]!;
      }
    } else {
      const largest = z.reduce((a, b) => Math.max(a, b));
      const sum = z.reduce((all, logit) => all + Math.exp(logit - largest), 0);
      for (let i = 0; i < K; i++) {
        const target = i === k ? own : other;
        slope[i] = Math.exp(z[i]! - largest) / sum - target;
        value += weights[k]! * target * (Math.log(sum) + largest - z[i]!);
      }
    }
    for (let i = 0; i < K; i++) {
      const s = weights[k]! * slope[i]!;
      gradient[B + i]! += s;
      for (let q = 0; q < d; q++) {
        gradient[i * d + q]! += (s * x[H + k * d + q]!) / scales[k]!;
        gradient[H + k * d + q]! += (s * x[i * d + q]!) / scales[k]!;
      }
    }
  }
  return value;
}

/** Puts x where the model allows it to be. */
function project({ instance, K, d }: Stated, x: Float64Array): void {
  const { boundW, boundH, features, classifier, lambdaB } = instance;
  const [H, B] = [K * d, 2 * K * d];
  if (classifier === 'fixed-etf') {
    for (let i = 0; i < K; i++) {
      for (let q = 0; q < d; q++) {
        x[i * d + q] = q < K ? Math.sqrt(K / (K - 1)) * ((i === q ? 1 : 0) - 1 / K) : 0;
      }
    }
  }
  if (boundW !== undefined) ontoBall(x.subarray(0, H), K * boundW);
  if (boundH !== undefined) ontoBall(x.subarray(H, B), K * boundH);
  if (features === 'nonnegative') for (let at = H; at < B; at++) x[at] = Math.max(0, x[at]!);
  if (lambdaB === null) x.fill(0, B);
}

function ontoBall(x: Float64Array, square: number): void {
  const length = Math.hypot(...x);
  if (length > Math.sqrt(square))
    x.forEach((entry, at) => (x[at] = (entry * Math.sqrt(square)) / length));
}

function descend(stated: Stated, start: Float64Array, steps: number): number {
  project(stated, start);
  let at = start;
  let ahead = start;
  const gradient = new Float64Array(start.length);
  let least = expand(stated, at, gradient);
  let stalled = 0;
  let momentum = 1;
  let length = 1;
  for (let step = 0; step < steps && stalled < STEPS_TO_STALL; step++) {
    const value = expand(stated, ahead, gradient);
    const slope = gradient.slice();
    let next = ahead;
    let reached = Infinity;
    for (let enough = -Infinity; reached > enough;) {
      next = ahead.map((entry, i) => entry - length * slope[i]!);
      project(stated, next);
      reached = expand(stated, next, gradient);
      let model = value + 1e-15;
      for (let i = 0; i < next.length; i++) {
        const move = next[i]! - ahead[i]!;
        model += slope[i]! * move + (move * move) / (2 * length);
      }
      enough = model;
      if (reached > enough) length /= 2;
    }
    const isUphill = reached > least;
    const following = isUphill ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const share = isUphill ? 0 : (momentum - 1) / following;
    const before = at;
    ahead = next.map((entry, i) => entry + share * (entry - before[i]!));
    at = next;
    momentum = following;
    stalled = least - reached > STALLED * least ? 0 : stalled + 1;
    least = Math.min(least, reached);
    length *= 1.02;
  }
  return least;
}
