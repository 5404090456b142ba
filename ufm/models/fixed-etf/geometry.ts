import { classCount, type Instance } from '../../../study/instance.js';
import { geometryOfBlocks, type Geometry } from '../../geometry.js';
import type { Gram } from '../../geometry/gram.js';
import { blocksOfLeads } from '../symmetric-blocks.js';

/**
 * W's shape is that of the frame, whatever it is trained on; h_k = u_k sqrt((K-1)/K) (e_k - 1/K) is as long as (K-1)/K u_k
 * and along row k of W; its Gram matrix is that of Z but for a factor.
 */
export function geometryOfFixedEtf(instance: Instance, leads: Float64Array): Geometry {
  const { clusters } = instance;
  const K = classCount(clusters);
  const blocks = blocksOfLeads(clusters, leads);
  const H = gramOfFeatures(clusters, leads, K);
  const geometry = geometryOfBlocks(instance, blocks, { W: H, H });
  return {
    ...geometry,
    rank: K - 1,
    cosW: clusters.map(([k], a) =>
      clusters.map((_, c) => (a === c && k === 1 ? null : -1 / (K - 1))),
    ),
    normW: clusters.map(() => 1),
    etfDistanceW: 0,
  };
}

function gramOfFeatures(clusters: Instance['clusters'], leads: Float64Array, K: number): Gram {
  const J = clusters.length;
  const scale = (K - 1) / K;
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
