import { describe, expect, it } from 'vitest';
import { fitLinear } from '../../analysis/least-squares.js';

describe('fitLinear', () => {
  it('recovers the coefficients of values that the basis spans', () => {
    const x = [0, 1, 2, 3, 4];
    const basis = [x.map(() => 1), x, x.map((each) => each ** 2)];
    const fit = fitLinear(
      basis,
      x.map((each) => 3 - 2 * each + 0.5 * each ** 2),
    );
    [3, -2, 0.5].forEach((expected, i) => {
      expect(fit.coefficients[i]).toBeCloseTo(expected, 12);
    });
    expect(fit.residual).toBeLessThan(1e-24);
  });

  it('leaves residuals orthogonal to the basis under the weights', () => {
    const x = [1, 2, 4, 7];
    const values = [1, -1, 2, 0.5];
    const weights = [1, 0.5, 2, 0.1];
    const basis = [x.map(() => 1), x];
    const { coefficients } = fitLinear(basis, values, weights);
    const residuals = values.map((value, i) => value - coefficients[0]! - coefficients[1]! * x[i]!);
    for (const column of basis) {
      expect(
        column.reduce((sum, entry, i) => sum + weights[i]! * entry * residuals[i]!, 0),
      ).toBeCloseTo(0, 12);
    }
  });

  it('gives the variance of a mean as one over the number of values', () => {
    expect(fitLinear([[1, 1, 1, 1]], [1, 2, 3, 4]).unscaledCovariance).toEqual([[0.25]]);
  });

  it('tells apart columns that normal equations would merge', () => {
    const x = Array.from({ length: 8 }, (_, i) => 1e6 + i);
    const fit = fitLinear(
      [x.map(() => 1), x],
      x.map((each) => 2 + 3 * each),
    );
    expect(fit.coefficients[1]).toBeCloseTo(3, 8);
  });
});
