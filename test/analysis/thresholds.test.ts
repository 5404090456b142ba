import { describe, expect, it } from 'vitest';
import { slicesOf, transitionAxis, type TransitionPoint } from '../../analysis/slices.js';
import { thresholdsOf, type Threshold } from '../../analysis/thresholds.js';
import { solvedSlices } from './solved-slices.js';
import { gridOf, range, syntheticPoint } from './synthetic.js';
import type { AxisName, Grid } from '../../study/study.js';

function search(grid: Grid, along: AxisName, points: TransitionPoint[]): Threshold[] {
  return slicesOf(grid, along, points).flatMap((slice) => thresholdsOf(grid, along, slice));
}

const LAMBDAS = range(0.0027, 0.0075, 13);

/** The lambda grid of the paper's figure: K = 10, n_A = 500, n_B = 100. */
function lambdaPoints(majorityClasses: number, seeds: number[] = [1]): TransitionPoint[] {
  return LAMBDAS.flatMap((lambda) =>
    seeds.map((seed) =>
      syntheticPoint(
        [
          [majorityClasses, 500],
          [10 - majorityClasses, 100],
        ],
        lambda,
        'lambda',
        {
          lambda,
          majorityClasses,
          seed,
        },
      ),
    ),
  );
}

describe('thresholdsOf', () => {
  it('finds the minority collapse of each slice between certified points, near theory', () => {
    const grid = gridOf(
      { majorityClasses: [3, 5], lambda: LAMBDAS, seed: [1, 2] },
      { locate: 'lambda' },
    );
    const points = [...lambdaPoints(3, [1, 2]), ...lambdaPoints(5, [1, 2])];
    const found = search(grid, 'lambda', points).filter(
      ({ transition }) => transition === 'minority-collapse',
    );
    expect(found.map(({ slice }) => slice)).toEqual(['majorityClasses=3', 'majorityClasses=5']);
    [10 / 2200, 10 / 3000].forEach((truth, i) => {
      const { lower, upper, theory, interval, estimate, points: count } = found[i]!;
      expect(lower).toBeLessThan(truth);
      expect(upper).toBeGreaterThan(truth);
      expect(theory).toBeCloseTo(truth, 12);
      expect(interval![0]).toBeLessThanOrEqual(truth);
      expect(interval![1]).toBeGreaterThanOrEqual(truth);
      expect(estimate).toBeGreaterThanOrEqual(interval![0]);
      expect(count).toBe(26);
    });
  });

  it('extrapolates where three points are inside, and says so when it takes the middle', () => {
    const grid = gridOf({ lambda: LAMBDAS }, { locate: 'lambda' });
    const byName = new Map(
      search(grid, 'lambda', lambdaPoints(3)).map((each) => [each.transition, each]),
    );
    expect(byName.get('minority-collapse')!.method).toBe('extrapolation');
    const few = search(grid, 'lambda', lambdaPoints(3).slice(3)).find(
      ({ transition }) => transition === 'minority-collapse',
    )!;
    expect(few.method).toBe('midpoint');
    expect(few.interval).toEqual([few.lower, few.upper]);
    expect(few.estimate).toBe((few.lower! + few.upper!) / 2);
  });

  it('never uses theory: a model with another threshold is found where it is', () => {
    const grid = gridOf({ lambda: LAMBDAS }, { locate: 'lambda' });
    const shifted = lambdaPoints(5).map((point) => ({
      ...point,
      x: 2 * point.x,
      lambda: point.lambda,
    }));
    const [minority] = search(grid, 'lambda', shifted);
    expect(minority!.lower).toBeLessThan(2 / 300);
    expect(minority!.upper).toBeGreaterThan(2 / 300);
  });

  it.each([
    [5, 300],
    [3, 1300 / 3],
  ])(
    'finds the collapse along majority samples with %i majority classes at %f',
    (majorityClasses, truth) => {
      const counts = range(100, 1400, 14);
      const grid = gridOf({ majoritySamples: counts }, { locate: 'majoritySamples' });
      const points = counts.map((majoritySamples) =>
        syntheticPoint(
          [
            [majorityClasses, majoritySamples],
            [10 - majorityClasses, 100],
          ],
          0.005,
          'majoritySamples',
          { majoritySamples },
        ),
      );
      const minority = search(grid, 'majoritySamples', points).find(
        ({ transition }) => transition === 'minority-collapse',
      )!;
      expect(minority.lower).toBeLessThanOrEqual(truth);
      expect(minority.upper).toBeGreaterThanOrEqual(truth);
      expect(minority.theory).toBeCloseTo(truth, 9);
      expect(minority.undecided).toBe(majorityClasses === 5 ? 1 : 0);
    },
  );

  it('refuses a slice that does not reach the transition, and still shows where theory has it', () => {
    const grid = gridOf({ lambda: LAMBDAS }, { locate: 'lambda' });
    const [minority] = search(grid, 'lambda', lambdaPoints(5).slice(4));
    expect(minority).toMatchObject({
      lower: null,
      estimate: null,
      refusal: expect.stringContaining('outside the range') as string,
    });
    expect(minority!.theory).toBeCloseTo(1 / 300, 12);
  });

  it('predicts in the unit of the axis', () => {
    const axes: [AxisName, (lambda: number) => number, number][] = [
      ['lambdaTimesN', (lambda) => 3000 * lambda, 10],
      ['lambdaOverThreshold', (lambda) => 300 * lambda, 1],
      ['lambdaW', (lambda) => lambda ** 2 / 0.01, 1 / 300 ** 2 / 0.01],
    ];
    for (const [along, unit, truth] of axes) {
      const points = lambdaPoints(5).map((point) => ({ ...point, x: unit(point.lambda) }));
      const [minority] = search(gridOf({ [along]: points.map(({ x }) => x) }), along, points);
      expect(minority!.theory).toBeCloseTo(truth, 9);
      expect(minority!.lower).toBeLessThan(truth);
      expect(minority!.upper).toBeGreaterThan(truth);
    }
  });
});

describe('thresholdsOf a long tail', async () => {
  const TAIL = { classes: 6, longTail: { largest: 1000, ratio: 50 } };
  const solve = (values: number[]) =>
    solvedSlices(gridOf({ lambda: values }, { locate: 'lambda', fixed: TAIL }), 'lambda');
  const [coarse] = await solve(range(0.001, 0.04, 157));
  const found = coarse!.thresholds;

  it('finds where each singular value dies, one after the other', () => {
    expect(found.map(({ transition }) => transition)).toEqual(
      [5, 4, 3, 2, 1].map((place) => `mean-${place}`),
    );
    const places = found.map(({ estimate }) => estimate!);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    for (const { interval, estimate, refusal } of found) {
      expect(refusal).toBeNull();
      expect(interval![0]).toBeLessThanOrEqual(estimate!);
      expect(interval![1]).toBeGreaterThanOrEqual(estimate!);
    }
  });

  it('has a certificate of the last only, whose interval the estimate keeps to', () => {
    expect(found.slice(0, -1).every(({ lower, upper }) => lower === null && upper === null)).toBe(
      true,
    );
    const { lower, upper, estimate } = found.at(-1)!;
    expect(lower).toBeLessThanOrEqual(estimate!);
    expect(upper).toBeGreaterThanOrEqual(estimate!);
  });

  it('covers with each interval the place that a much finer grid shows', async () => {
    for (const { transition, interval } of found) {
      const [fine] = await solve(range(interval![0] - 1e-5, interval![1] + 1e-5, 41));
      const sharp = fine!.thresholds.find((each) => each.transition === transition)!;
      expect(interval![0]).toBeLessThanOrEqual(sharp.interval![1]);
      expect(interval![1]).toBeGreaterThanOrEqual(sharp.interval![0]);
    }
  });

  it('refuses a singular value that never vanishes on the axis', async () => {
    const [short] = await solve(range(0.0001, 0.0005, 9));
    expect(short!.thresholds[0]).toMatchObject({
      estimate: null,
      refusal: expect.stringContaining('above zero all along') as string,
    });
  });
});

describe('transitionAxis', () => {
  it('is the axis that the grid names, else the first that moves a phase, else none', () => {
    expect(transitionAxis(gridOf({ lambda: [1, 2] }, { locate: 'majoritySamples' }))).toBe(
      'majoritySamples',
    );
    expect(transitionAxis(gridOf({ majoritySamples: [1, 2], lambda: [1, 2] }))).toBe('lambda');
    expect(transitionAxis(gridOf({ seed: [1, 2] }))).toBeNull();
    expect(
      transitionAxis(gridOf({ majoritySamples: [1, 2] }, { fitLimit: 'majoritySamples' })),
    ).toBeNull();
  });
});
