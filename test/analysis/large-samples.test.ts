import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../study/instance.js';
import {
  limitsOf,
  QUANTITIES,
  type LimitPoint,
  type Quantity,
} from '../../analysis/large-samples.js';
import { gridOf } from './synthetic.js';
import { draws } from './random.js';

interface Series {
  readonly bias: 'penalised' | 'free';
  readonly window: string;
  readonly samples: readonly number[];
  readonly cosines: Readonly<Record<string, readonly number[]>>;
}

/** Exact solutions, K = 10, k_A = 5, r = 2, lambda = 0.1 / N, lambda_b = 0.02 (penalised) and 0 (free). */
const SERIES = JSON.parse(
  readFileSync(new URL('large-samples.json', import.meta.url), 'utf8'),
) as Series[];

/** Closed forms for a penalised bias as n goes to infinity: Z is the ETF times log n. */
const KNOWN: Record<string, number> = {
  cos_z_majority: -1 / 9,
  cos_z_across: -1 / 9,
  cos_z_minority: -1 / 9,
  ...gramCosines('w', Math.sqrt(0.5)),
  ...gramCosines('h', Math.sqrt(2)),
};

/** Gram matrix of one factor of the ETF, its contrasts 1 and `minority`, its mean block of norm sqrt(3/4). */
function gramCosines(letter: string, minority: number): Record<string, number> {
  const mean = letter === 'w' ? Math.sqrt(0.75) / 10 : 0.1 / Math.sqrt(0.75);
  const own = (contrast: number): number => 0.8 * contrast + mean;
  return {
    [`cos_${letter}_majority`]: (mean - 0.2) / own(1),
    [`cos_${letter}_across`]: -mean / Math.sqrt(own(1) * own(minority)),
    [`cos_${letter}_minority`]: (mean - 0.2 * minority) / own(minority),
  };
}

const GRID = gridOf({ majoritySamples: [500, 5500] }, { fitLimit: 'majoritySamples' });

function pointsOf({ samples, cosines }: Series, noise = 0, power = -1): LimitPoint[] {
  const { normal } = draws(5);
  return samples.map((majoritySamples, i) => ({
    coordinates: { majoritySamples },
    x: majoritySamples,
    ...problemAt(majoritySamples, power),
    certified: true,
    rank: 9,
    collapsed: [false, false],
    meanCollapsed: false,
    quantities: Object.fromEntries(
      QUANTITIES.map((name) => [
        name,
        cosines[name] === undefined ? null : cosines[name][i]! + noise * normal(),
      ]),
    ) as Record<Quantity, number | null>,
  }));
}

/** r = 2, lambda = 0.1 N^power, with a bias that costs. */
function problemAt(majoritySamples: number, power: number) {
  const clusters: readonly Cluster[] = [
    [5, majoritySamples],
    [5, majoritySamples / 2],
  ];
  const lambda = 0.1 * (7.5 * majoritySamples) ** power;
  return { clusters, problem: { clusters, lambdaW: lambda, lambdaH: lambda, lambdaB: 0.02 } };
}

describe('limitsOf', () => {
  it('has the limits known in closed form beside those that it finds, where lambda falls against the threshold', () => {
    const [series] = SERIES.filter(({ bias }) => bias === 'penalised');
    const theory = (power: number) =>
      limitsOf(GRID, 'majoritySamples', pointsOf(series!, 0, power)).map(({ limit }) => limit);
    const falling = theory(-1);
    expect(falling.length).toBeGreaterThan(5);
    for (const limit of falling) {
      expect(limit.theory, limit.quantity).toBeCloseTo(KNOWN[limit.quantity]!, 12);
    }
    for (const limit of theory(-0.5)) expect(limit.theory).toBeNull();
  });

  it.each([0, 1e-6])(
    'covers nearly all limits that are known in closed form, at noise %f',
    (noise) => {
      const found = SERIES.filter(({ bias }) => bias === 'penalised').flatMap((series) =>
        limitsOf(GRID, 'majoritySamples', pointsOf(series, noise)),
      );
      expect(found).toHaveLength(27);
      const covered = found.filter(({ limit }) => {
        const truth = KNOWN[limit.quantity]!;
        return limit.interval![0] <= truth && truth <= limit.interval![1];
      });
      expect(covered.length).toBeGreaterThanOrEqual(26);
    },
  );

  it.each(SERIES.map((series) => [series.bias, series.window, series] as const))(
    'tells whether Z tends to the ETF with a %s bias over the %s window',
    (bias, _, series) => {
      const ofZ = limitsOf(GRID, 'majoritySamples', pointsOf(series, 1e-7)).filter(({ limit }) =>
        limit.quantity.startsWith('cos_z'),
      );
      for (const { limit } of ofZ) {
        expect([limit.law, ...limit.alternatives.map(({ law }) => law)]).toContain('logarithm');
        expect(limit.consistentWithEtf).toBe(bias === 'penalised');
      }
    },
  );

  it('finds from n <= 5500 the limit of Z with a free bias that n <= 1e12 confirms', () => {
    const limitFrom = (wanted: string): number => {
      const series = SERIES.find(({ bias, window }) => bias === 'free' && window === wanted)!;
      const found = limitsOf(GRID, 'majoritySamples', pointsOf(series));
      return found.find(({ limit }) => limit.quantity === 'cos_z_majority')!.limit.limit!;
    };
    expect(Math.abs(limitFrom('short') - limitFrom('long'))).toBeLessThan(3e-4);
  });

  it('says that W does not tend to the ETF, even with a penalised bias', () => {
    const long = SERIES.find(({ bias, window }) => bias === 'penalised' && window === 'long')!;
    const ofW = limitsOf(GRID, 'majoritySamples', pointsOf(long)).filter(({ limit }) =>
      limit.quantity.startsWith('cos_w'),
    );
    // Across, the limit is -0.1124 and the ETF has -0.1111: too near to tell.
    expect(ofW.map(({ limit }) => [limit.quantity, limit.consistentWithEtf])).toEqual([
      ['cos_w_majority', false],
      ['cos_w_across', true],
      ['cos_w_minority', false],
    ]);
  });

  it('calls a constant a plateau', () => {
    const balanced = pointsOf({
      ...SERIES[0]!,
      cosines: { cos_z_majority: SERIES[0]!.samples.map((n) => -1 / 9 + 1e-16 * (n % 3)) },
    });
    const [series] = limitsOf(GRID, 'majoritySamples', balanced);
    expect(series!.limit).toMatchObject({
      law: 'plateau',
      exponent: null,
      consistentWithEtf: true,
    });
    expect(series!.limit.distance).toBeCloseTo(0, 12);
  });

  it('refuses fewer than six distinct values and leaves out quantities that are nowhere defined', () => {
    const found = limitsOf(GRID, 'majoritySamples', pointsOf(SERIES[0]!).slice(0, 5));
    expect(found).toHaveLength(9);
    for (const { limit } of found) {
      expect(limit).toMatchObject({ law: null, limit: null, interval: null, points: 5 });
      expect(limit.refusal).toContain('too few');
    }
  });
});
