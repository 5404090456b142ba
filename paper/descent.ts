import type { Instance } from '../study/instance.js';
import { solveBatch } from '../ufm/solve.js';
import type { Curve } from './named-curves.js';

/** Relative gaps at which descent is stopped. */
const STOPS = [0.9, 0.5, 0.1, 0.03, 0.01, 3e-3, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10];

/**
 * NC1 against the iterations of descent: per-sample instances of `within-class-collapse.yaml`, each solved anew up to
 * ever smaller gaps from the same random start, without polish.
 */
export async function descentCurves(): Promise<Curve[]> {
  return Promise.all(
    [5, 3].map(async (majorityClasses) => {
      const instances = STOPS.map((tolerance): Instance => ({
        clusters: [
          [majorityClasses, 40],
          [10 - majorityClasses, 10],
        ],
        ...{ lambdaW: 0.002, lambdaH: 0.002, lambdaB: 0.02, featureDimension: 10 },
        ...{ form: 'per-sample', solver: 'tensor', tolerance, polish: false, seed: 1 },
      }));
      const solutions = await solveBatch(instances, { device: 'loops' });
      const points = solutions.flatMap(({ iterations, withinClassVariability }) =>
        withinClassVariability === null ? [] : [{ x: iterations, y: withinClassVariability }],
      );
      return { name: `k_A = ${majorityClasses}`, joined: true, points };
    }),
  );
}
