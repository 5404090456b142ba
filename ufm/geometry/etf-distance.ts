import type { Gram } from './gram.js';

/**
 * Distance of K vectors from a simplex equiangular tight frame,
 *
 *     | C G C / |C G C|_F - C / |C|_F |_F,    C = I - 11'/K, G the Gram matrix,
 *
 * in [0, 2]. C is the frame's Gram matrix, and C G C that of the vectors less their mean over the classes, as in Papyan,
 * Han & Donoho (PNAS 2020); the measure is that of Zhu et al. (NeurIPS 2021), eq. 10. Null where all vectors coincide.
 */
export function etfDistance({ classes, within, between }: Gram): number | null {
  const J = within.length;
  let K = 0;
  for (let a = 0; a < J; a++) K += classes[a]!;
  const centred = centre(classes, between, K);
  let square = 0;
  for (let a = 0; a < J; a++) square += (classes[a]! - 1) * within[a]! * within[a]!;
  for (let at = 0; at < J * J; at++) square += centred[at]! * centred[at]!;
  const norm = Math.sqrt(square);
  if (!(norm > 0) || K < 2) return null;
  const ofFrame = 1 / Math.sqrt(K - 1);
  let distance = 0;
  for (let a = 0; a < J; a++) {
    const ofContrasts = within[a]! / norm - ofFrame;
    distance += (classes[a]! - 1) * ofContrasts * ofContrasts;
    for (let c = 0; c < J; c++) {
      const frame = (a === c ? 1 : 0) - Math.sqrt(classes[a]! * classes[c]!) / K;
      const ofMeans = centred[a * J + c]! / norm - frame * ofFrame;
      distance += ofMeans * ofMeans;
    }
  }
  return Math.sqrt(distance);
}

/** C G C between clusters, in the orthonormal coordinates 1_a / sqrt(k_a). */
function centre(classes: Float64Array, between: Float64Array, K: number): Float64Array {
  const J = classes.length;
  const rowMean = new Float64Array(J);
  let mean = 0;
  for (let a = 0; a < J; a++) {
    for (let c = 0; c < J; c++) rowMean[a]! += (classes[c]! * between[a * J + c]!) / K;
    mean += (classes[a]! * rowMean[a]!) / K;
  }
  const centred = new Float64Array(J * J);
  for (let a = 0; a < J; a++) {
    for (let c = 0; c < J; c++) {
      const entry = between[a * J + c]! - rowMean[a]! - rowMean[c]! + mean;
      centred[a * J + c] = entry * Math.sqrt(classes[a]! * classes[c]!);
    }
  }
  return centred;
}
