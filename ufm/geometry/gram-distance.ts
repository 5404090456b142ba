import type { Cluster } from '../../study/instance.js';
import type { Gram } from './gram.js';

/** The Gram matrix of an orthogonal frame of classes in these groups: K vectors of equal length at right angles. */
export function orthogonalFrame(classes: Float64Array): Gram {
  const J = classes.length;
  const between = new Float64Array(J * J);
  for (let a = 0; a < J; a++) between[a * J + a] = 1 / classes[a]!;
  return { classes, within: new Float64Array(J).fill(1), between };
}

/**
 * |G / |G|_F - R / |R|_F|_F of two Gram matrices of the same groups, in [0, sqrt(2)] as both have only singular values that
 * are not negative (Thrampoulidis et al., NeurIPS 2022, section 5). Null where one of them is zero.
 */
export function gramDistance(gram: Gram, reference: Gram): number | null {
  const [ofGram, ofReference] = [frobeniusNorm(gram), frobeniusNorm(reference)];
  if (!(ofGram > 0 && ofReference > 0)) return null;
  const { classes } = gram;
  const J = classes.length;
  let square = 0;
  for (let a = 0; a < J; a++) {
    const ofContrasts = gram.within[a]! / ofGram - reference.within[a]! / ofReference;
    square += (classes[a]! - 1) * ofContrasts * ofContrasts;
    for (let c = 0; c < J; c++) {
      const ofMeans =
        gram.between[a * J + c]! / ofGram - reference.between[a * J + c]! / ofReference;
      square += classes[a]! * classes[c]! * ofMeans * ofMeans;
    }
  }
  return Math.sqrt(square);
}

/** The same Gram matrix with each class of the clusters as a group of its own. */
export function ofSingleClasses(clusters: readonly Cluster[], gram: Gram): Gram {
  const clusterOf = clusters.flatMap(([classes], a) => Array<number>(classes).fill(a));
  const K = clusterOf.length;
  const J = clusters.length;
  const between = new Float64Array(K * K);
  clusterOf.forEach((a, i) => {
    clusterOf.forEach((c, j) => {
      const share = (i === j ? 1 : 0) - 1 / gram.classes[a]!;
      const within = a === c ? gram.within[a]! * share : 0;
      between[i * K + j] = gram.between[a * J + c]! + within;
    });
  });
  return { classes: new Float64Array(K).fill(1), within: new Float64Array(K), between };
}

function frobeniusNorm({ classes, within, between }: Gram): number {
  const J = classes.length;
  let square = 0;
  for (let a = 0; a < J; a++) {
    square += (classes[a]! - 1) * within[a]! * within[a]!;
    for (let c = 0; c < J; c++) square += classes[a]! * classes[c]! * between[a * J + c]! ** 2;
  }
  return Math.sqrt(square);
}
