import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { BalancedProblem } from './balance.js';
import { layOut } from './layout.js';

/**
 * A random start: W and G normal, of the size that they have at a typical minimum, where logits are inverse to their
 * scales; the bias zero. It depends on the seed and the instance's own sizes, never on the instance's place in a batch.
 */
export function randomStart(problem: BalancedProblem, seed: number): Float64Array {
  const { classes, rows, logitScaleOfClass } = problem;
  const { biasOffset, featureOffset, end } = layOut(problem);
  const samples = problem.rowsOfClass.reduce(
    (sum, count, k) => sum + count / problem.scaleOfClass[k]! ** 2,
    0,
  );
  const logitScale =
    (logitScaleOfClass?.reduce((sum, delta) => sum + delta, 0) ?? classes) / classes;
  const scale = (samples / classes) ** 0.25 * (classes * logitScale) ** -0.5;
  const scaleOfFeatures = scale * Math.sqrt(classes / rows);
  const draw = normals(seed);
  const vector = new Float64Array(end);
  for (let i = 0; i < biasOffset; i++) vector[i] = scale * draw();
  for (let i = featureOffset; i < end; i++) vector[i] = scaleOfFeatures * draw();
  return vector;
}

/** Standard normal numbers by the method of Box and Muller. */
function normals(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)));
    const angle = 2 * Math.PI * uniformFloat64(generator);
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
