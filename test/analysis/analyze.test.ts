import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzeStudy } from '../../analysis/analyze.js';
import type { Limit } from '../../analysis/large-samples.js';
import type { AnalysisSummary } from '../../analysis/summary.js';
import { summaryText } from '../../analysis/tables.js';
import type { Threshold } from '../../analysis/thresholds.js';
import { FolderStore } from '../../results/folder-store.js';
import { analysisFolder, partPath } from '../../results/paths.js';
import type { StudyReference } from '../../study/orchestration.js';
import type { Study } from '../../study/study.js';
import { solveBatch } from '../../ufm/solve.js';
import { storeSolvedStudy, type Solver } from './stored-study.js';
import { gridOf, range } from './synthetic.js';

const FIXED = { classes: 10, lambdaB: 0.02 };

/** The questions of the paper: the collapse along lambda and along samples, a map, and large samples. */
const STUDY: Study = {
  version: 1,
  name: 'paper',
  solver: { kind: 'exact', tolerance: 1e-9, polish: false },
  shardSize: 64,
  grids: [
    gridOf(
      { majorityClasses: [3, 5], lambda: range(0.0027, 0.0075, 13) },
      {
        name: 'lambda',
        locate: 'lambda',
        fixed: { ...FIXED, majoritySamples: 500, minoritySamples: 100 },
      },
    ),
    gridOf(
      { majorityClasses: [3, 5], majoritySamples: range(100, 1400, 14) },
      {
        name: 'samples',
        locate: 'majoritySamples',
        fixed: { ...FIXED, minoritySamples: 100, lambda: 0.005 },
      },
    ),
    gridOf(
      { imbalanceRatio: range(2, 8, 4), lambdaTimesN: range(6, 24, 10) },
      { name: 'map', fixed: { ...FIXED, majorityClasses: 5, minoritySamples: 100 } },
    ),
    gridOf(
      { lambdaB: [0, 0.02], majoritySamples: range(500, 5500, 11) },
      {
        name: 'large-samples',
        fitLimit: 'majoritySamples',
        fixed: { classes: 10, majorityClasses: 5, imbalanceRatio: 2, lambdaTimesN: 0.1 },
      },
    ),
  ],
};

const exactly: Solver = (instances) => solveBatch(instances, { device: 'cpu' });

let root: string;
let store: FolderStore;
let reference: StudyReference;
let summary: AnalysisSummary;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ufm-analysis-'));
  store = new FolderStore(join(root, 'whole'));
  reference = await storeSolvedStudy(store, STUDY, exactly, 'name: paper # <script>');
  summary = await analyzeStudy(store, reference);
});

afterAll(() => rm(root, { recursive: true }));

function thresholdOf(grid: string, slice: string, transition: string): Threshold {
  const found = summary.thresholds.find(
    (each) => each.grid === grid && each.slice === slice && each.transition === transition,
  );
  return found!;
}

describe('analyzeStudy', () => {
  it.each([
    ['lambda', 3, 10 / 2200],
    ['lambda', 5, 10 / 3000],
    ['samples', 3, 1300 / 3],
    ['samples', 5, 300],
  ])('encloses the minority collapse along %s with %i majority classes', (grid, classes, truth) => {
    const found = thresholdOf(grid, `majorityClasses=${classes}`, 'minority-collapse');
    expect(found.lower).toBeLessThanOrEqual(truth);
    expect(found.upper).toBeGreaterThanOrEqual(truth);
    expect(found.interval![0]).toBeLessThanOrEqual(truth);
    expect(found.interval![1]).toBeGreaterThanOrEqual(truth);
    expect(found.theory).toBeCloseTo(truth, 9);
  });

  it('encloses the transition of the minority mean, which depends on the bias', () => {
    // n_A = 200 of n_B = 100 at the reference 0.0074517 lambda, lambda_b = 0.02, in units of lambda N.
    const found = thresholdOf('map', 'imbalanceRatio=2', 'minority-mean');
    expect(found.lower).toBeLessThan(0.007451702824562264 * 1500);
    expect(found.upper).toBeGreaterThan(0.007451702824562264 * 1500);
    expect(found.theory).toBeCloseTo(0.007451702824562264 * 1500, 5);
  });

  it('tells a free bias, with which Z has another limit, from a penalised one', () => {
    const ofZ = (slice: string): Limit[] =>
      summary.limits.filter((each) => each.slice === slice && each.quantity.startsWith('cos_z'));
    expect(ofZ('lambdaB=0').map((each) => each.consistentWithEtf)).toEqual([false, false, false]);
    expect(ofZ('lambdaB=0.02').map((each) => each.consistentWithEtf)).toEqual([true, true, true]);
  });

  it('finds the law of the collapse over slices of all axes, and what it cannot tell from them', () => {
    const law = summary.laws.find(({ transition }) => transition === 'minority-collapse')!;
    const [, total, own] = law.coefficients;
    expect(law.places).toHaveLength(8);
    expect(total!.lower).toBeLessThan(-1);
    expect(total!.upper).toBeGreaterThan(-1);
    expect(own!.refusal).toContain('n is 100 in all slices');
    expect(law.reduced![0]).toBeLessThan(1);
    expect(law.reduced![1]).toBeGreaterThan(1);
  });

  it('counts every point and is not partial when all have landed', () => {
    const { points, partial } = summary;
    // With n_A = n_B the number of majority classes makes no difference: two points are one.
    expect(points.planned).toBe(26 + 28 - 1 + 40 + 22);
    expect(points.certified + points.uncertified).toBe(points.planned);
    expect(partial).toBe(false);
  });

  it('writes what it returns as JSON, Parquet and a page', async () => {
    const folder = analysisFolder(reference);
    const json = await store.read(`${folder}/summary.json`);
    expect(JSON.parse(Buffer.from(json!).toString())).toEqual(summary);
    const read = async (file: string): Promise<Record<string, unknown>[]> => {
      const duckdb = await DuckDBInstance.create(':memory:');
      const connection = await duckdb.connect();
      const path = await store.localPath(`${folder}/${file}`);
      const reader = await connection.runAndReadAll('FROM read_parquet($1)', [path]);
      connection.closeSync();
      return reader.getRowObjectsJS();
    };
    expect(await read('thresholds.parquet')).toEqual(
      summary.thresholds.map(({ interval, ...rest }) => ({
        ...rest,
        interval_low: interval?.[0] ?? null,
        interval_high: interval?.[1] ?? null,
      })),
    );
    expect((await read('limits.parquet')).map((row) => row['limit'])).toEqual(
      summary.limits.map(({ limit }) => limit),
    );
    expect((await read('laws.parquet')).map((row) => row['estimate'])).toEqual(
      summary.laws.flatMap(({ coefficients }) => coefficients.map(({ estimate }) => estimate)),
    );
    expect((await read('law-places.parquet')).map((row) => row['residual'])).toEqual(
      summary.laws.flatMap(({ places }) => places.map(({ residual }) => residual)),
    );
    expect((await read('ratio-laws.parquet')).map((row) => row['estimate'])).toEqual(
      summary.ratioLaws.flatMap(({ slope, intercept }) => [
        slope?.estimate ?? null,
        intercept?.estimate ?? null,
      ]),
    );
    expect((await read('ratio-places.parquet')).map((row) => row['ratio'])).toEqual(
      summary.ratioLaws.flatMap(({ places }) => places.map(({ ratio }) => ratio)),
    );
    expect(await read('comparisons.parquet')).toEqual([]);
    const page = Buffer.from((await store.read(`${folder}/report.html`))!).toString();
    expect(page).toContain('name: paper # &#60;script&#62;');
    expect(page).not.toMatch(/<script(?! type="module">)|https?:\/\/(?!www\.w3\.org)/);
  });

  it('fits the terminal in 80 columns without colour', () => {
    const lines = summaryText(summary).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(summaryText(summary)).not.toContain('\u001b');
    expect(lines.join('\n')).toContain('minority-collapse');
  });

  it('finds the same again, whatever was there', async () => {
    expect(await analyzeStudy(store, reference)).toEqual(summary);
  });

  it('says that it is partial while points are missing, and finds what it can', async () => {
    const half = new FolderStore(join(root, 'half'));
    const everySecond: Solver = async (instances) =>
      (await exactly(instances)).map((solution, i) => (i % 2 === 0 ? solution : null));
    const found = await analyzeStudy(half, await storeSolvedStudy(half, STUDY, everySecond));
    expect(found.partial).toBe(true);
    expect(found.points.missing).toBe(58);
    expect(found.thresholds.some(({ refusal }) => refusal === null)).toBe(true);
  });

  it('has nothing to say of a study without rows, and says so', async () => {
    const empty = new FolderStore(join(root, 'empty'));
    const nothing: Solver = (instances) => Promise.resolve(instances.map(() => null));
    const found = await analyzeStudy(empty, await storeSolvedStudy(empty, STUDY, nothing));
    expect(found).toMatchObject({ thresholds: [], limits: [], partial: true });
  });

  it('names a part that is damaged, and does without it', async () => {
    const damaged = new FolderStore(join(root, 'damaged'));
    const study = await storeSolvedStudy(damaged, STUDY, exactly);
    await damaged.replace(partPath('broken'), Buffer.from('no Parquet'));
    const found = await analyzeStudy(damaged, study);
    expect(found.damaged).toEqual([expect.stringContaining('broken')]);
    expect(found.thresholds).toEqual(summary.thresholds);
  });

  it('names a study that the store does not have', async () => {
    await expect(analyzeStudy(store, { ...reference, study: 'other' })).rejects.toThrow(/other/);
  });
});
