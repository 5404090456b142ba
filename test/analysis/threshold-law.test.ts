import { describe, expect, it } from 'vitest';
import { ratioLaws } from '../../analysis/ratio-law.js';
import { slicesOf, type TransitionPoint } from '../../analysis/slices.js';
import { thinOut } from '../../analysis/thin-out.js';
import { thresholdLaws, type ThresholdLaw } from '../../analysis/threshold-law.js';
import { thresholdsOf, type TransitionSlice } from '../../analysis/thresholds.js';
import type { AxisName, Grid } from '../../study/study.js';
import { solvedSlices } from './solved-slices.js';
import { gridOf, range, syntheticPoint } from './synthetic.js';

function locate(
  grid: Grid,
  along: AxisName,
  points: readonly TransitionPoint[],
): TransitionSlice[] {
  return slicesOf(grid, along, points).map((slice) => ({
    grid: grid.name,
    along,
    ...slice,
    thresholds: thresholdsOf(grid, along, slice),
  }));
}

const FIXED = { classes: 10, lambdaB: 0.02 };

async function paperSlices(): Promise<TransitionSlice[]> {
  const along = await solvedSlices(
    gridOf(
      {
        majorityClasses: [3, 5],
        minoritySamples: [25, 400],
        imbalanceRatio: [2, 8],
        lambdaB: [0, 0.02],
        lambdaTimesN: range(4, 90, 60),
      },
      { locate: 'lambdaTimesN', fixed: { classes: 10 }, name: 'regularizer' },
    ),
    'lambdaTimesN',
  );
  const across = await solvedSlices(
    gridOf(
      { majorityClasses: [3, 5], lambda: [0.003, 0.005], majoritySamples: range(100, 1500, 29) },
      { locate: 'majoritySamples', fixed: { ...FIXED, minoritySamples: 100 }, name: 'imbalance' },
    ),
    'majoritySamples',
  );
  return [...along, ...across];
}

const slices = await paperSlices();
const lawOf = (name: string, of: readonly TransitionSlice[] = slices): ThresholdLaw =>
  thresholdLaws(of).find(({ transition }) => transition === name)!;

describe('thresholdLaws', () => {
  it.each(['minority-collapse', 'total-collapse'])(
    'finds lambda = N^-1 n^(1/2) for %s from exact rows, across axes, biases and divisions',
    (name) => {
      const law = lawOf(name);
      expect(law.refusal).toBeNull();
      expect(law.possible).toBe(true);
      law.coefficients.forEach(({ interval, lower, upper, theory, estimate }, i) => {
        expect(interval![0]).toBeLessThanOrEqual(theory!);
        expect(interval![1]).toBeGreaterThanOrEqual(theory!);
        expect(lower!).toBeLessThanOrEqual(theory!);
        expect(upper!).toBeGreaterThanOrEqual(theory!);
        if (i > 0) expect(Math.abs(estimate! - theory!)).toBeLessThan(0.02);
      });
      expect(law.reduced![0]).toBeLessThan(1);
      expect(law.reduced![1]).toBeGreaterThan(1);
      expect(law.scatter).toBeLessThan(1.5);
    },
  );

  it('is the same in slices of which only every hundredth point is left', () => {
    const thin = slices.map((slice) => ({
      ...slice,
      points: thinOut(slice.points, slice.thresholds, 100),
    }));
    expect(thin[0]!.points.length).toBeLessThan(slices[0]!.points.length);
    expect(thresholdLaws(thin)).toEqual(thresholdLaws(slices));
  });

  it('proves that where the minority mean vanishes is no function of lambda N / sqrt(n) alone', () => {
    const { reduced, possible, scatter, coefficients } = lawOf('minority-mean');
    expect(reduced).toBeNull();
    expect(possible).toBe(false);
    expect(scatter).toBeGreaterThan(3);
    expect(coefficients.every(({ theory }) => theory === null)).toBe(true);
  });

  it('never uses theory: a model with other exponents gets its own', () => {
    const shifted = slices.map((slice) => ({
      ...slice,
      points: slice.points.map((point) => {
        const samples = point.clusters.at(-1)![1];
        return { ...point, lambda: 7 * point.lambda * samples ** 0.25 };
      }),
    }));
    const found = lawOf('minority-collapse', shifted).coefficients;
    [7, -1, 0.75].forEach((truth, i) => {
      expect(found[i]!.lower).toBeLessThan(truth);
      expect(found[i]!.upper).toBeGreaterThan(truth);
    });
    expect(found[2]!.lower).toBeGreaterThan(0.5);
    expect(lawOf('minority-collapse', shifted).reduced).toBeNull();
  });

  it('is of plain slices: those with remedies and other models have laws of their own', () => {
    const plain = lawOf('minority-collapse');
    const other = slices.slice(0, 2).map((slice) => ({
      ...slice,
      points: slice.points.map((point) => ({ ...point, lambda: 7 * point.lambda, labelSmoothing: 0.1 })), // prettier-ignore
    }));
    const special = slices.slice(2, 4).map((slice) => ({
      ...slice,
      points: slice.points.map((point) => ({ ...point, features: 'nonnegative' as const })),
    }));
    expect(lawOf('minority-collapse', [...slices, ...other, ...special])).toEqual(plain);
    expect(thresholdLaws([...other, ...special])).toEqual([]);
    expect(ratioLaws([...slices, ...other, ...special])).toEqual(ratioLaws(slices));
  });

  it('says of a variable that hardly moves that its exponent is part of the constant', () => {
    const held = slices.filter(({ points }) => points[0]!.clusters.at(-1)![1] === 100);
    const [constant, total, own] = lawOf('minority-collapse', held).coefficients;
    expect(own).toMatchObject({
      estimate: null,
      refusal: expect.stringContaining('n is 100') as string,
    });
    expect(total!.estimate).toBeCloseTo(-1, 1);
    expect(constant!.theory).toBeCloseTo(10, 6);
  });

  it.each([
    ['too few slices', (all: TransitionSlice[]) => [all[0]!, all.at(-1)!], 'at least'],
    [
      'slices that differ in nothing',
      (all: TransitionSlice[]) => Array.from({ length: 5 }, () => all[0]!),
      'hardly differ',
    ],
    [
      'samples that move together',
      (all: TransitionSlice[]) =>
        all.filter(({ name }) => /majorityClasses=5.*imbalanceRatio=2,/.test(name)),
      'move together',
    ],
    [
      'slices of one lambda, of which a constant is always the law',
      (all: TransitionSlice[]) =>
        all.map((slice) => ({
          ...slice,
          points: slice.points.map((point) => ({ ...point, lambda: 0.005 })),
        })),
      'in all slices, so that a constant is its law',
    ],
  ])('refuses %s, and says what would help', (_, choose, words) => {
    const law = lawOf('minority-collapse', choose(slices));
    expect(law.refusal).toContain(words);
    expect(law).toMatchObject({ possible: null, scatter: null, largestResidual: null });
    expect(law.coefficients.every(({ estimate }) => estimate === null)).toBe(true);
  });

  it('widens what is certain where points are undecided, and counts slices without an answer', () => {
    const blurred = slices.map((slice) => {
      const points = slice.points.map((point) => {
        const near = Math.abs(Math.log((point.lambda * samplesOf(point)) / rootOf(point))) < 0.2;
        return near ? { ...point, collapsed: point.collapsed!.map(() => null) } : point;
      });
      return locateAgain(slice, points);
    });
    const emptied = blurred.map((slice, i) =>
      i === 0
        ? locateAgain(
            slice,
            slice.points.map((point) => ({ ...point, collapsed: null })),
          )
        : slice,
    );
    const [sharp, wide] = [lawOf('minority-collapse'), lawOf('minority-collapse', emptied)];
    expect(wide.unplaced).toBe(1);
    expect(wide.places).toHaveLength(sharp.places.length - 1);
    wide.coefficients.forEach(({ lower, upper }, i) => {
      const width = sharp.coefficients[i]!.upper! - sharp.coefficients[i]!.lower!;
      expect(upper! - lower!).toBeGreaterThan(3 * width);
    });
  });
});

describe('ratioLaws', () => {
  it('finds r* = (1 / (lambda sqrt(n_B)) - k_B) / k_A for each division of the classes', () => {
    const laws = ratioLaws(slices);
    expect(laws.map(({ majorityClasses }) => majorityClasses).sort()).toEqual([3, 5]);
    for (const { slope, intercept, possible, places } of laws) {
      expect(possible).toBe(true);
      for (const coefficient of [slope!, intercept!]) {
        expect(coefficient.lower!).toBeLessThanOrEqual(coefficient.theory);
        expect(coefficient.upper!).toBeGreaterThanOrEqual(coefficient.theory);
        expect(coefficient.interval[0]).toBeLessThanOrEqual(coefficient.theory);
        expect(coefficient.interval[1]).toBeGreaterThanOrEqual(coefficient.theory);
      }
      expect(places).toHaveLength(10);
    }
  });

  it('refuses two slices, which any line passes', () => {
    const five = slices.filter(({ name }) => name.includes('majorityClasses=5'));
    const [law] = ratioLaws(five.slice(0, 2));
    expect(law).toMatchObject({ slope: null, intercept: null, possible: null });
    expect(law!.refusal).toContain('at least 3');
  });

  it('has nothing to say of three clusters', () => {
    const grid = gridOf({ lambda: range(0.001, 0.02, 20) }, { locate: 'lambda' });
    const points = range(0.001, 0.02, 20).map((lambda) =>
      syntheticPoint(
        [
          [3, 900],
          [3, 300],
          [4, 100],
        ],
        lambda,
        'lambda',
        { lambda },
      ),
    );
    const three = locate(grid, 'lambda', points);
    expect(ratioLaws([...three, ...three, ...three])).toEqual([]);
  });
});

function samplesOf({ clusters }: TransitionPoint): number {
  return clusters.reduce((sum, [classes, samples]) => sum + classes * samples, 0);
}

function rootOf({ clusters }: TransitionPoint): number {
  return Math.sqrt(clusters.at(-1)![1]);
}

function locateAgain(slice: TransitionSlice, points: readonly TransitionPoint[]): TransitionSlice {
  const grid = gridOf({ [slice.along]: points.map(({ x }) => x) }, { locate: slice.along });
  const again = { ...slice, points };
  return { ...again, thresholds: thresholdsOf(grid, slice.along, again) };
}
