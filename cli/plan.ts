import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { MeasuredSeconds } from '../activities/measured-seconds.js';
import { shardSizes } from '../activities/shard-size.js';
import { Staleness } from '../activities/staleness.js';
import { gridPoints, survey } from '../activities/survey.js';
import { openDatabase, type Database } from '../results/database.js';
import { gridSize } from '../study/expand.js';
import { specHash } from '../study/key.js';
import { Sharder } from '../study/shard.js';
import type { Grid, Point, Study } from '../study/study.js';
import {
  ClusterDemand,
  clusterText,
  type ClusterEstimate,
  type ClusterSettings,
} from './cluster-estimate.js';
import { duration } from './duration.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { storeOrNothing } from './known-store.js';
import { requireMeant } from './largest-study.js';
import { jsonOption, positiveInteger, positiveNumber, storeOption, yesOption } from './options.js';
import { print, printJson, warn } from './output.js';
import { readStudyFile } from './study-file.js';

interface PlanOptions {
  readonly store: string;
  readonly yes: boolean;
  readonly json: boolean;
  readonly cluster: boolean;
  readonly workers?: number;
  readonly coreHourPrice?: number;
}

/** `ufm-sweep plan STUDY`: what a run would do. Changes nothing. */
export function planCommand(): Command {
  return new Command('plan')
    .description('show what a study expands to, and what of it would be solved')
    .argument('<study>', 'study file')
    .addOption(storeOption())
    .addOption(yesOption())
    .option('--cluster', 'estimate what it takes of a cluster: cores, time, store, history', false)
    .option(
      '--workers <count>',
      'with --cluster: shards solved at a time (default: 1)',
      positiveInteger,
    )
    .option(
      '--core-hour-price <price>',
      'with --cluster: what an hour of a core costs, in any currency',
      positiveNumber,
    )
    .addOption(jsonOption())
    .action(async (path: string, options: PlanOptions) => {
      const cluster = clusterSettings(options);
      const { study } = await readStudyFile(path);
      requireMeant(study, options.yes);
      const store = await storeOrNothing(options.store);
      const database = await openDatabase(store, undefined, { entriesAlone: true });
      try {
        for (const { path: file, reason } of database.problems) warn(`${file}: ${reason}`);
        const document = {
          name: study.name,
          spec_hash: specHash(study),
          ...(await forecast(study, database, cluster)),
          solver: study.solver,
          grids: study.grids.map(describeGrid),
        };
        if (options.json) printJson(document);
        else print(asText(document));
      } finally {
        database.close();
      }
    });
}

/**
 * @returns null unless the estimate is wanted
 * @throws Failure (bad usage) where something is said of an estimate that is not wanted
 */
function clusterSettings({ cluster, workers, coreHourPrice }: PlanOptions): ClusterSettings | null {
  if (cluster) return { workers: workers ?? 1, coreHourPrice: coreHourPrice ?? null };
  const alone = workers !== undefined ? '--workers' : '--core-hour-price';
  if (workers === undefined && coreHourPrice === undefined) return null;
  throw new Failure(`${alone} is of the estimate for a cluster: say --cluster too`, EXIT.badUsage);
}

/** What a run of the study would find in the store. */
interface Forecast {
  readonly points: {
    readonly total: number;
    readonly new: number;
    readonly stale: number;
    readonly cached: number;
    readonly failed: number;
  };
  /** Why points are stale, and how many for each reason. */
  readonly stale: readonly { readonly reason: string; readonly points: number }[];
  readonly shards: number;
  /** Null when the store has no row like one of the points. */
  readonly estimated_seconds: number | null;
  /** Only where it is asked for. */
  readonly cluster?: ClusterEstimate;
}

interface PlanDocument extends Forecast {
  readonly name: string;
  readonly grids: readonly ReturnType<typeof describeGrid>[];
}

async function forecast(
  study: Study,
  database: Database,
  cluster: ClusterSettings | null,
): Promise<Forecast> {
  const measured = await MeasuredSeconds.of(database);
  const staleness = await Staleness.of(database);
  const demand = new ClusterDemand(measured);
  const sharder = new Sharder<Point>(shardSizes(study, measured));
  const reasons = new Map<string, number>();
  const sum = { open: 0, shards: 0, seconds: 0, unmeasured: 0 };
  const options = { again: false, signal: new AbortController().signal };
  const found = await survey(gridPoints(study), database, options, async (batch) => {
    sum.open += batch.open.length;
    for (const point of batch.open) {
      if (sharder.add(point) !== null) sum.shards += 1;
      if (cluster !== null) demand.add(point.instance);
      const each = measured.of(point.instance);
      if (each === null) sum.unmeasured += 1;
      else sum.seconds += each;
    }
    for (const reason of await staleness.reasonsOf(batch.open)) {
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  });
  const stale = [...reasons].map(([reason, points]) => ({ reason, points }));
  const shards = sum.shards + sharder.rest().length;
  const locates = study.grids.some(({ locate }) => locate !== null);
  const counts = { open: sum.open, cached: found.cached };
  const staleCount = stale.reduce((sum, { points }) => sum + points, 0);
  return {
    points: {
      total: found.points,
      new: sum.open - staleCount,
      stale: staleCount,
      cached: found.cached,
      failed: found.failed,
    },
    stale,
    shards,
    estimated_seconds: sum.unmeasured > 0 ? null : sum.seconds / availableParallelism(),
    ...(cluster !== null && { cluster: demand.estimate(counts, shards, locates, cluster) }),
  };
}

function describeGrid(grid: Grid) {
  return {
    name: grid.name,
    points: gridSize(grid),
    fixed: grid.fixed,
    axes: grid.axes.map(({ names, steps }) => ({
      names,
      steps: steps.length,
      from: steps[0],
      to: steps.at(-1),
    })),
    locate: grid.locate,
    fit_limit: grid.fitLimit,
  };
}

function asText({
  name,
  points,
  stale,
  shards,
  estimated_seconds,
  cluster,
  grids,
}: PlanDocument): string {
  const time =
    estimated_seconds === null
      ? 'unknown: nothing like it was solved in this store yet'
      : duration(estimated_seconds);
  return [
    `${name}: ${points.total} points: ${points.new} new, ${points.stale} stale, ${points.cached} cached, ${points.failed} failed`,
    ...stale.map(({ reason, points: count }) => `  ${count} stale: ${reason}`),
    `${shards} shards to solve, estimated time ${time}`,
    ...grids.flatMap(gridLines),
    ...(cluster === undefined ? [] : clusterText(cluster)),
  ].join('\n');
}

function gridLines(grid: ReturnType<typeof describeGrid>): string[] {
  return [
    '',
    `${grid.name}: ${grid.points} points`,
    `  fixed   ${assignments(grid.fixed)}`,
    ...grid.axes.map(({ names, steps, from, to }) => {
      const range = names
        .map((axis) => `${axis} ${JSON.stringify(from?.[axis])} ... ${JSON.stringify(to?.[axis])}`)
        .join(', ');
      return `  axis    ${range} (${steps})`;
    }),
    ...(grid.locate === null ? [] : [`  locate  every transition along ${grid.locate.along}`]),
    ...(grid.fit_limit === null
      ? []
      : [`  fit     the large-sample law along ${grid.fit_limit.along}`]),
  ];
}

function assignments(values: object): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
