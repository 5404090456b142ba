import { openDatabase, type Database } from '../results/database.js';
import { analysisFolder, studyTextPath } from '../results/paths.js';
import type { Store } from '../results/store.js';
import { loadStudy } from '../results/studies.js';
import { UnusableFile } from '../results/unusable-file.js';
import type { StudyReference } from '../study/orchestration.js';
import type { Grid, Study } from '../study/study.js';
import { findingsOf } from './findings.js';
import { limitsOf, type LimitSeries } from './large-samples.js';
import { encodeLawPlaces, encodeLaws, encodeRatioLaws, encodeRatioPlaces } from './law-parquet.js';
import { encodeComparisons, encodeLimits, encodeThresholds } from './parquet.js';
import type { ReportData, ThinnedGrid } from './report/data.js';
import { reportPage } from './report/page.js';
import { gramPoints, histogram, provenanceOf, tally, troubledPoints } from './report/rows.js';
import {
  countLanded,
  countPoints,
  limitPoints,
  transitionPoints,
  variabilityOfGrids,
} from './rows.js';
import { bySliceName, slicesInOrder, transitionAxis } from './slices.js';
import { pairsOfSolvers } from './solver-comparison.js';
import type { AnalysisSummary } from './summary.js';
import { thinOut } from './thin-out.js';
import { thresholdsOf, type Threshold, type TransitionSlice } from './thresholds.js';

/** Points that the report gets: of more every n-th of each slice of a grid. All count in the thresholds. */
const MOST_SHOWN = 100_000;
/** Grids of no more points are shown whole, whatever stands beside them. */
const SMALL_GRID = 500;

/**
 * Finds the transitions, their law and the large-sample limits in what has landed of a study, and writes them beside
 * its plans: `summary.json`, the same as Parquet files (docs/results.md), and `report.html`. May run at any time; with
 * points missing the summary is marked partial.
 *
 * @throws Error when the store has no such study.
 */
export async function analyzeStudy(
  store: Store,
  reference: StudyReference,
): Promise<AnalysisSummary> {
  const study = await loadStudy(store, reference);
  const database = await openDatabase(store, reference);
  try {
    const data = await reportData(store, reference, study, database);
    const { summary } = data;
    const folder = analysisFolder(reference);
    const tables = {
      thresholds: encodeThresholds(summary.thresholds),
      comparisons: encodeComparisons(summary.comparisons),
      laws: encodeLaws(summary.laws),
      'law-places': encodeLawPlaces(summary.laws),
      'ratio-laws': encodeRatioLaws(summary.ratioLaws),
      'ratio-places': encodeRatioPlaces(summary.ratioLaws),
      limits: encodeLimits(summary.limits),
    };
    for (const [name, bytes] of Object.entries(tables)) {
      await store.replace(`${folder}/${name}.parquet`, bytes);
    }
    await store.replace(`${folder}/report.html`, Buffer.from(reportPage(data)));
    // Last: who finds the summary finds the rest.
    await store.replace(`${folder}/summary.json`, Buffer.from(JSON.stringify(summary, null, 2)));
    return summary;
  } finally {
    database.close();
  }
}

/**
 * Finds the same, and writes nothing.
 *
 * @param database of the study
 */
export async function reportData(
  store: Store,
  { study: name, specHash }: StudyReference,
  { grids }: Study,
  database: Database,
): Promise<ReportData> {
  const thinned = await thinningOf(database, grids);
  const slices = await forEachGrid(grids, (grid) =>
    transitionSlices(
      database,
      grid,
      thinned.find(({ grid: name }) => name === grid.name),
    ),
  );
  const limits = await forEachGrid(grids, (grid) => limitSeries(database, grid));
  const points = await countPoints(database);
  await tally(database);
  const damaged = database.problems.map(({ path, reason }) => `${path}: ${reason}`);
  // The text is for people alone: without it there is a report all the same.
  const text = await store.read(studyTextPath(name)).catch((error: unknown) => {
    if (!(error instanceof UnusableFile)) throw error;
    damaged.push(error.message);
    return null;
  });
  return {
    summary: {
      study: name,
      specHash,
      ...findingsOf(grids, slices, limits),
      variability: await variabilityOfGrids(database),
      points,
      partial: points.missing > 0 || points.planned === 0,
      damaged,
    },
    grids,
    slices,
    thinned,
    solverPairs: pairsOfSolvers(grids, slices),
    limits,
    grams: await forEachGrid(grids, (grid) => gramPoints(database, grid)),
    relativeGaps: await histogram(database, 'relative_gap'),
    seconds: await histogram(database, 'seconds'),
    troubled: await troubledPoints(database),
    provenance: await provenanceOf(database),
    studyText: text === null ? null : Buffer.from(text).toString(),
  };
}

/** The grids that are too large to be shown point by point. */
async function thinningOf(database: Database, grids: readonly Grid[]): Promise<ThinnedGrid[]> {
  const counts = await forEachGrid(grids, async (grid) =>
    transitionAxis(grid) === null
      ? []
      : [{ grid: grid.name, points: await countLanded(database, grid) }],
  );
  const step = Math.ceil(counts.reduce((sum, { points }) => sum + points, 0) / MOST_SHOWN);
  return counts.flatMap(({ grid, points }) =>
    step > 1 && points > SMALL_GRID ? [{ grid, step }] : [],
  );
}

async function transitionSlices(
  database: Database,
  grid: Grid,
  thinned: ThinnedGrid | undefined,
): Promise<TransitionSlice[]> {
  const along = transitionAxis(grid);
  if (along === null) return [];
  // A grid that did not ask for transitions is not told that it has none.
  const worthTelling = ({ refusal }: Threshold): boolean =>
    grid.locate !== null || refusal === null;
  const slices: TransitionSlice[] = [];
  const points = transitionPoints(database, grid, along);
  for await (const slice of slicesInOrder(grid, along, points)) {
    const thresholds = thresholdsOf(grid, along, slice).filter(worthTelling);
    const shown = thinOut(slice.points, thresholds, thinned?.step ?? 1);
    slices.push({ grid: grid.name, along, name: slice.name, points: shown, thresholds });
  }
  return slices.sort(bySliceName);
}

async function limitSeries(database: Database, grid: Grid): Promise<LimitSeries[]> {
  if (grid.fitLimit === null) return [];
  const { along } = grid.fitLimit;
  return limitsOf(grid, along, await limitPoints(database, grid.name, along));
}

/** One grid after the other: each may hold a million rows. */
async function forEachGrid<T>(
  grids: readonly Grid[],
  work: (grid: Grid) => Promise<T[]>,
): Promise<T[]> {
  const results: T[] = [];
  for (const grid of grids) results.push(...(await work(grid)));
  return results;
}
