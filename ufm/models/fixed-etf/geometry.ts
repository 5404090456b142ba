import { classCount, type Instance } from '../../../study/instance.js';
import { geometryOfBlocks, type Geometry } from '../../geometry.js';
import type { Gram } from '../../geometry/gram.js';
import { blocksOfLeads } from '../symmetric-blocks.js';

/**
 * The geometry of W = sqrt(K/(K-1)) (I - 1 1'/K), whatever it is trained on, and of features that are along their own rows of W:
 * h_k = u_k sqrt((K-1)/K) (e_k - 1/K), as long as (K-1)/K u_k.
 */
export function geometryOfFixedEtf(instance: Instance, leads: Float64Array): Geometry {
  const { clusters } = instance;
  const K = classCount(clusters);
  const ones = leads.map(() => 1);
  return geometryOfBlocks(instance, blocksOfLeads(clusters, leads), {
    W: gramOfFrame(clusters, ones, K / (K - 1)),
    H: gramOfFrame(clusters, leads, (K - 1) / K),
  });
}

/** The Gram matrix of u_k (e_k - 1/K), times the scale. */
function gramOfFrame(clusters: Instance['clusters'], leads: Float64Array, scale: number): Gram {
  const J = clusters.length;
  const K = classCount(clusters);
  const between = new Float64Array(J * J);
  for (let a = 0; a < J; a++) {
    for (let c = 0; c < J; c++) {
      const centred = (a === c ? 1 / clusters[a]![0] : 0) - 1 / K;
      between[a * J + c] = scale * leads[a]! * leads[c]! * centred;
    }
  }
  return {
    classes: Float64Array.from(clusters, ([classes]) => classes),
    within: leads.map((lead) => scale * lead * lead),
    between,
  };
}
