import { frobeniusNorm, type Gram } from './gram.js';

/**
 * |G / |G|_F - R / |R|_F|_F of two Gram matrices, in [0, sqrt(2)] as both have only eigenvalues that are not negative
 * (Thrampoulidis et al., NeurIPS 2022, section 5). Null where one of them is zero.
 *
 * @param clusterOf for each group of G the group of R that it is of; those of R may be of several classes where G's are of one
 */
export function gramDistance(
  gram: Gram,
  reference: Gram,
  clusterOf: readonly number[] | null,
): number | null {
  const [ofGram, ofReference] = [frobeniusNorm(gram), frobeniusNorm(reference)];
  if (!(ofGram > 0 && ofReference > 0)) return null;
  const { classes, within, between } = gram;
  const groups = classes.length;
  const J = reference.classes.length;
  let square = 0;
  for (let i = 0; i < groups; i++) {
    const a = clusterOf?.[i] ?? i;
    const ofContrasts = within[i]! / ofGram - reference.within[a]! / ofReference;
    square += (classes[i]! - 1) * ofContrasts * ofContrasts;
    for (let j = 0; j < groups; j++) {
      const c = clusterOf?.[j] ?? j;
      // What is left of the reference's contrasts when its groups are taken apart.
      const share = clusterOf === null ? 0 : (i === j ? 1 : 0) - 1 / reference.classes[a]!;
      const apart = a === c ? reference.within[a]! * share : 0;
      const entry = (reference.between[a * J + c]! + apart) / ofReference;
      const ofMeans = between[i * groups + j]! / ofGram - entry;
      square += classes[i]! * classes[j]! * ofMeans * ofMeans;
    }
  }
  return Math.sqrt(square);
}

/** The same from K vectors of equal length at right angles, whose Gram matrix is in proportion to the identity. */
export function orthogonalDistance(gram: Gram): number | null {
  const { classes, within, between } = gram;
  const groups = classes.length;
  const norm = frobeniusNorm(gram);
  if (!(norm > 0)) return null;
  let K = 0;
  for (let i = 0; i < groups; i++) K += classes[i]!;
  const ofFrame = 1 / Math.sqrt(K);
  let square = 0;
  for (let i = 0; i < groups; i++) {
    const ofContrasts = within[i]! / norm - ofFrame;
    square += (classes[i]! - 1) * ofContrasts * ofContrasts;
    for (let j = 0; j < groups; j++) {
      const entry = i === j ? ofFrame / classes[i]! : 0;
      const ofMeans = between[i * groups + j]! / norm - entry;
      square += classes[i]! * classes[j]! * ofMeans * ofMeans;
    }
  }
  return Math.sqrt(square);
}
