import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { MeasuredSeconds } from '../activities/measured-seconds.js';
import { shardSizes } from '../activities/shard-size.js';
import { Staleness } from '../activities/staleness.js';
import { gridPoints, survey } from '../activities/survey.js';
import { openDatabase, type Database } from '../results/database.js';
import { openStore } from '../results/open-store.js';
import { gridSize } from '../study/expand.js';
import { specHash } from '../study/key.js';
import { Sharder } from '../study/shard.js';
import type { Grid, Point, Study } from '../study/study.js';
import { duration } from './duration.js';
import { requireMeant } from './largest-study.js';
import { jsonOption, storeOption, yesOption } from './options.js';
import { print, printJson, warn } from './output.js';
import { readStudyFile } from './study-file.js';
import { storeAddress } from './study-name.js';

/** `ufm-sweep plan STUDY`: what a run would do. Changes nothing. */
export function planCommand(): Command {
  return new Command('plan')
    .description('show what a study expands to, and what of it would be solved')
    .argument('<study>', 'study file')
    .addOption(storeOption())
    .addOption(yesOption())
    .addOption(jsonOption())
    .action(async (path: string, options: { store: string; yes: boolean; json: boolean }) => {
      const { study } = await readStudyFile(path);
      requireMeant(study, options.yes);
      const database = await openDatabase(openStore(storeAddress(options.store)));
      try {
        for (const { path: file, reason } of database.problems) warn(`${file}: ${reason}`);
        const document = {
          name: study.name,
          spec_hash: specHash(study),
          ...(await forecast(study, database)),
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
}

interface PlanDocument extends Forecast {
  readonly name: string;
  readonly grids: readonly ReturnType<typeof describeGrid>[];
}

async function forecast(study: Study, database: Database): Promise<Forecast> {
  const measured = await MeasuredSeconds.of(database);
  const staleness = await Staleness.of(database);
  const sharder = new Sharder<Point>(shardSizes(study, measured));
  const reasons = new Map<string, number>();
  const sum = { open: 0, shards: 0, seconds: 0, unmeasured: 0 };
  const options = { again: false, signal: new AbortController().signal };
  const found = await survey(gridPoints(study), database, options, async (batch) => {
    sum.open += batch.open.length;
    for (const point of batch.open) {
      if (sharder.add(point) !== null) sum.shards += 1;
      const each = measured.of(point.instance);
      if (each === null) sum.unmeasured += 1;
      else sum.seconds += each;
    }
    for (const reason of await staleness.reasonsOf(batch.open)) {
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  });
  const stale = [...reasons].map(([reason, points]) => ({ reason, points }));
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
    shards: sum.shards + sharder.rest().length,
    estimated_seconds: sum.unmeasured > 0 ? null : sum.seconds / availableParallelism(),
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

function asText({ name, points, stale, shards, estimated_seconds, grids }: PlanDocument): string {
  const time =
    estimated_seconds === null
      ? 'unknown: nothing like it was solved in this store yet'
      : duration(estimated_seconds);
  return [
    `${name}: ${points.total} points: ${points.new} new, ${points.stale} stale, ${points.cached} cached, ${points.failed} failed`,
    ...stale.map(({ reason, points: count }) => `  ${count} stale: ${reason}`),
    `${shards} shards to solve, estimated time ${time}`,
    ...grids.flatMap(gridLines),
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
