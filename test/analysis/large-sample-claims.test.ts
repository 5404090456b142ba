import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzeStudy } from '../../analysis/analyze.js';
import type { Limit } from '../../analysis/large-samples.js';
import { FolderStore } from '../../results/folder-store.js';
import type { Study } from '../../study/study.js';
import { solveBatch } from '../../ufm/solve.js';
import { storeSolvedStudy, type Solver } from './stored-study.js';
import { gridOf } from './synthetic.js';

/** Multiples of every ratio in use, so that no rounding of minority samples bends the curves. */
const samplesOver = (decades: number): number[] =>
  Array.from({ length: 2 * decades + 1 }, (_, i) => 100 * Math.round(10 ** (i / 2)));
const FAR = samplesOver(10);
const FIXED = { classes: 10, majorityClasses: 5 };

/** The question of large samples at lambda = c / N, c / sqrt(N) and fixed, each with ratios as a family. */
const STUDY: Study = {
  version: 1,
  name: 'large-samples',
  solver: { kind: 'exact', tolerance: 1e-9, polish: false },
  shardSize: 64,
  grids: [
    gridOf(
      { imbalanceRatio: [2, 10], lambdaB: [0, 0.02], majoritySamples: FAR },
      { name: 'bias', fitLimit: 'majoritySamples', fixed: { ...FIXED, lambdaTimesN: 0.1 } },
    ),
    gridOf(
      { imbalanceRatio: [2, 10], majoritySamples: FAR },
      { name: 'no-bias', fitLimit: 'majoritySamples', fixed: { ...FIXED, lambdaTimesN: 0.1 } },
    ),
    gridOf(
      { imbalanceRatio: [2, 10, 100], majoritySamples: FAR },
      {
        name: 'root',
        fitLimit: 'majoritySamples',
        fixed: { ...FIXED, lambdaTimesSqrtN: 0.1, lambdaB: 0.02 },
      },
    ),
    gridOf(
      { imbalanceRatio: [2, 10], majoritySamples: samplesOver(4) },
      {
        name: 'fixed',
        fitLimit: 'majoritySamples',
        fixed: { ...FIXED, lambda: 0.005, lambdaB: 0.02 },
      },
    ),
    gridOf(
      { majoritySamples: samplesOver(4) },
      {
        name: 'crossing',
        fitLimit: 'majoritySamples',
        fixed: { ...FIXED, imbalanceRatio: 2, lambdaTimesN: 20, lambdaB: 0.02 },
      },
    ),
  ],
};

const exactly: Solver = (instances) => solveBatch(instances, { device: 'cpu' });

let root: string;
let limits: readonly Limit[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ufm-large-samples-'));
  const store = new FolderStore(root);
  ({ limits } = await analyzeStudy(store, await storeSolvedStudy(store, STUDY, exactly)));
});

afterAll(() => rm(root, { recursive: true }));

const of = (grid: string, slice: RegExp, quantity: RegExp): Limit[] =>
  limits.filter(
    (limit) => limit.grid === grid && slice.test(limit.slice) && quantity.test(limit.quantity),
  );

/** Gram cosines of one factor of a simplex ETF with k_A = k_B = 5, its minority contrast `ratio` times the other. */
function factorCosines(letter: 'w' | 'h', contrast: number, mean: number): Record<string, number> {
  const own = (each: number): number => 0.8 * each + mean;
  return {
    [`cos_${letter}_majority`]: (mean - 0.2) / own(1),
    [`cos_${letter}_across`]: -mean / Math.sqrt(own(1) * own(contrast)),
    [`cos_${letter}_minority`]: (mean - 0.2 * contrast) / own(contrast),
  };
}

describe('large samples at lambda = c / N', () => {
  const penalised = [
    ['a weighted bias', 'bias', /lambdaB=0\.02/],
    ['no bias', 'no-bias', /./],
  ] as const;

  it.each(penalised)('Z tends to the simplex ETF like 1 / log n with %s', (_, grid, slice) => {
    const distances = of(grid, slice, /^etf_distance_z$/);
    expect(distances.map(({ slice: name }) => /imbalanceRatio=(\d+)/.exec(name)![1])).toEqual([
      '2',
      '10',
    ]);
    for (const { law, interval, consistentWithEtf, alternatives, phase } of distances) {
      expect(law).toBe('logarithm');
      expect(alternatives.map((each) => each.law)).not.toContain('plateau');
      expect(interval![0]).toBe(0);
      expect(consistentWithEtf).toBe(true);
      expect(phase).toEqual([]);
    }
  });

  it.each(penalised)(
    'W and H tend elsewhere with %s, to limits known at r = 2',
    (_, grid, slice) => {
      const factors = of(grid, slice, /^etf_distance_[wh]$/);
      expect(factors).toHaveLength(4);
      expect(factors.every(({ consistentWithEtf }) => consistentWithEtf === false)).toBe(true);
      const known: Record<string, number> = {
        ...factorCosines('w', Math.SQRT1_2, Math.sqrt(0.75) / 10),
        ...factorCosines('h', Math.SQRT2, 0.1 / Math.sqrt(0.75)),
      };
      const cosines = of(grid, slice, /^cos_[wh]/).filter((each) => /Ratio=2\b/.test(each.slice));
      expect(cosines).toHaveLength(6);
      for (const { quantity, limit, interval } of cosines) {
        expect(interval![0]).toBeLessThanOrEqual(known[quantity]!);
        expect(interval![1]).toBeGreaterThanOrEqual(known[quantity]!);
        expect(Math.abs(limit! - known[quantity]!)).toBeLessThan(0.01);
      }
    },
  );

  it('Z does not tend to the ETF with a free bias', () => {
    const distances = of('bias', /lambdaB=0$/, /^etf_distance_z$/);
    expect(distances).toHaveLength(2);
    for (const { limit, interval, consistentWithEtf } of distances) {
      expect(consistentWithEtf).toBe(false);
      expect(interval![0]).toBeGreaterThan(0.01);
      expect(limit!).toBeGreaterThan(0.03);
    }
  });

  it('fits beyond the last transition only, and says from where', () => {
    for (const { phase, phaseFrom, points } of of('crossing', /./, /./)) {
      expect(phase).toEqual([]);
      // The minority, n_B = n_A / 2, stands apart where lambda N < sqrt(n_B).
      expect(phaseFrom).toBe(1000);
      expect(points).toBe(7);
    }
    expect(of('crossing', /./, /./)).toHaveLength(12);
  });
});

describe('large samples at lambda = c / sqrt(N)', () => {
  it('stand still at each ratio in whatever phase it is, and away from the ETF', () => {
    const distances = of('root', /./, /^etf_distance_z$/);
    expect(distances.map(({ law }) => law)).toEqual(['plateau', 'plateau', 'plateau']);
    expect(distances.map(({ consistentWithEtf }) => consistentWithEtf)).toEqual([
      false,
      false,
      false,
    ]);
    expect(distances.map(({ phase }) => phase)).toEqual([
      [],
      [],
      ['minority-collapse', 'minority-mean'],
    ]);
    const [near, far] = distances;
    expect(far!.limit!).toBeGreaterThan(near!.limit!);
  });
});

describe('large samples at fixed lambda', () => {
  it('collapse altogether in the end, and the first to do so is named', () => {
    const found = of('fixed', /./, /./);
    expect(found).toHaveLength(24);
    for (const { limit, refusal, phase, phaseFrom } of found) {
      expect(limit).toBeNull();
      expect(phase).toEqual(['minority-collapse', 'minority-mean', 'total-collapse']);
      expect(refusal).toContain(`everything has collapsed from majoritySamples = ${phaseFrom!} on`);
    }
    // sqrt(n_A) / N = 0.005 at n_A = 711 for r = 2 and 1,322 for r = 10.
    expect([...new Set(found.map(({ phaseFrom }) => phaseFrom))]).toEqual([1000, 3200]);
  });
});
