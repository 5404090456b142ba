import { classCount, type Problem } from '../study/instance.js';

/** Ones and zeros for so many clusters, shared: a plain problem is made in less time than they take to allocate. */
const ones = constants(1);
const zeros = constants(0);

/** The probabilities that the target of a sample gives its own class and each other class; the same for all clusters. */
export function targetsOf(problem: Problem): { own: Float64Array; other: Float64Array } {
  const { clusters, labelSmoothing = 0, labelNoise = 0 } = problem;
  const J = clusters.length;
  if (labelSmoothing === 0 && labelNoise === 0) return { own: ones(J), other: zeros(J) };
  const K = classCount(clusters);
  const kept = 1 - labelSmoothing;
  const spread = labelSmoothing / K;
  return {
    own: new Float64Array(J).fill(kept * (1 - labelNoise) + spread),
    other: new Float64Array(J).fill(kept * (labelNoise / (K - 1)) + spread),
  };
}

/** delta: what the logits of the classes of each cluster are multiplied by. */
export function logitScalesOf({ clusters, logitScales }: Problem): Float64Array {
  return logitScales === undefined ? ones(clusters.length) : Float64Array.from(logitScales);
}

/** m: what is taken off the logit of a sample's own class. */
export function marginsOf({ clusters, margins }: Problem): Float64Array {
  return margins === undefined ? zeros(clusters.length) : Float64Array.from(margins);
}

/**
 * tau log(n_a / n_1), n_1 the largest count: tau log(n_a / N) but for a constant, which changes no prediction. Each is as
 * accurate as its few operations are, for the logarithm is taken where it is well conditioned.
 */
export function logitShiftsOf({ clusters, logitAdjustment = 0 }: Problem): Float64Array {
  const J = clusters.length;
  if (logitAdjustment === 0) return zeros(J);
  const shifts = new Float64Array(J);
  const largest = clusters[0]![1];
  for (let a = 0; a < J; a++) {
    const count = clusters[a]![1];
    const isNear = 2 * count > largest;
    shifts[a] =
      logitAdjustment *
      (isNear ? Math.log1p((count - largest) / largest) : Math.log(count / largest));
  }
  return shifts;
}

function constants(value: number): (length: number) => Float64Array {
  const made = new Map<number, Float64Array>();
  return (length) => {
    let known = made.get(length);
    if (known === undefined) made.set(length, (known = new Float64Array(length).fill(value)));
    return known;
  };
}
