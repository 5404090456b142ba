import type { Instance } from '../../../study/instance.js';
import type { BalancedProblem } from '../../../ufm/first-order/balance.js';
import type { Vector } from '../../../ufm/first-order/engine.js';
import { layOut } from '../../../ufm/first-order/layout.js';

interface Evaluated {
  readonly objective: number;
  /** In the entries of the balanced vector. */
  readonly gradient: Float64Array;
}

/**
 * F of an instance as `Instance` and `Remedies` state it, at a vector of balanced variables, and its gradient there: in
 * plain code, feature by feature, with the logarithm of the sum of exponentials and targets written out. A class mean
 * stands for its samples.
 */
export function evaluateAsStated(
  instance: Instance,
  problem: BalancedProblem,
  vector: Vector,
): Evaluated {
  const { clusters, lambdaW, lambdaH, lambdaB, featureDimension: d } = instance;
  const { classWeights, featurePenalties, logitScales, margins } = instance;
  const { labelSmoothing = 0, labelNoise = 0, logitAdjustment = 0 } = instance;
  const cluster = clusters.flatMap(([size], a) => Array<number>(size).fill(a));
  const counts = cluster.map((a) => clusters[a]![1]);
  const K = counts.length;
  const N = sum(counts);
  const { biasOffset, featureOffset } = layOut(problem);
  const rootOfRatio = (lambdaH / lambdaW) ** 0.25;
  const delta = cluster.map((a) => logitScales?.[a] ?? 1);
  const W = (i: number, t: number) => rootOfRatio * vector[t * K + i]!;
  const b = cluster.map((_, i) => problem.biasScaleOfClass[i]! * vector[biasOffset + i]!);

  const gradient = new Float64Array(vector.length);
  let objective = 0;
  let at = featureOffset;
  cluster.forEach((a, k) => {
    const omega = classWeights?.[a] ?? 1;
    const phi = featurePenalties?.[a] ?? 1;
    const isMean = instance.form === 'class-means';
    const samples = isMean ? counts[k]! : 1;
    const perBalanced = 1 / (Math.sqrt(samples * phi) * rootOfRatio);
    const target = cluster.map((_, i) => {
      const label = i === k ? 1 - labelNoise : labelNoise / (K - 1);
      return (1 - labelSmoothing) * label + labelSmoothing / K;
    });
    for (let row = 0; row < (isMean ? 1 : counts[k]!); row++, at += d) {
      const h = Array.from({ length: d }, (_, t) => perBalanced * vector[at + t]!);
      const z = cluster.map((ofClass, i) => {
        const shift = logitAdjustment * Math.log(clusters[ofClass]![1] / N);
        const margin = i === k ? (margins?.[a] ?? 0) : 0;
        return delta[i]! * (sum(h.map((x, t) => W(i, t) * x)) + b[i]!) + shift - margin;
      });
      const largest = Math.max(...z);
      const total = sum(z.map((x) => Math.exp(x - largest)));
      const logTotal = largest + Math.log(total);
      objective += (samples / N) * omega * (logTotal - sum(z.map((x, i) => target[i]! * x)));
      objective += (samples * phi * lambdaH * sum(h.map((x) => x * x))) / 2;
      const pull = z.map(
        (x, i) => (samples / N) * omega * (Math.exp(x - logTotal) - target[i]!) * delta[i]!,
      );
      for (let t = 0; t < d; t++) {
        const ofLoss = sum(pull.map((x, i) => x * W(i, t)));
        gradient[at + t] = perBalanced * (ofLoss + samples * phi * lambdaH * h[t]!);
      }
      pull.forEach((x, i) => {
        for (let t = 0; t < d; t++) gradient[t * K + i]! += rootOfRatio * x * h[t]!;
        gradient[biasOffset + i]! += problem.biasScaleOfClass[i]! * x;
      });
    }
  });
  for (let i = 0; i < K; i++) {
    for (let t = 0; t < d; t++) {
      objective += (lambdaW * W(i, t) ** 2) / 2;
      gradient[t * K + i]! += rootOfRatio * lambdaW * W(i, t);
    }
    objective += ((lambdaB ?? 0) * b[i]! ** 2) / 2;
    gradient[biasOffset + i]! += problem.biasScaleOfClass[i]! * (lambdaB ?? 0) * b[i]!;
  }
  return { objective, gradient };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
