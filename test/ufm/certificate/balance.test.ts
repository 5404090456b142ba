import { describe, expect, it } from 'vitest';
import { balance } from '../../../ufm/certificate/balance.js';
import { dualPoint, residual } from '../../../ufm/certificate/dual-point.js';
import { convexProblem } from '../../../ufm/problem.js';
import { emptyPredictions, predict } from '../../../ufm/predictions.js';
import { normal, uniform } from '../random-instances.js';
import { instanceOf } from '../reference-instances.js';

const problem = convexProblem(
  instanceOf(
    [
      [3, 400],
      [1, 90],
      [4, 5],
    ],
    1e-3,
    0,
  ),
);

describe('balancing predictions for a free bias', () => {
  it('predicts every class as often as it occurs, from any logits', () => {
    const random = uniform(2);
    for (let trial = 0; trial < 200; trial++) {
      const scale = 10 ** (2 * random() - 1);
      const draw = (length: number) => Float64Array.from({ length }, () => scale * normal(random));
      const predictions = emptyPredictions(3);
      predict(problem, { contrast: draw(3), mean: draw(9), bias: draw(3) }, predictions);
      const point = balance(problem, dualPoint(problem, predictions));
      expect(point).not.toBeNull();
      const { value } = residual(problem, point!);
      value.forEach((left, a) => {
        expect(Math.abs(left)).toBeLessThan(1e-12 * problem.totalMass);
        expect(point!.correction[a]!).toBeGreaterThan(0);
      });
      for (const entry of [...point!.own, ...point!.rest]) expect(entry).toBeGreaterThan(0);
      for (const entry of point!.other) expect(entry).toBeGreaterThanOrEqual(0);
    }
  });
});
