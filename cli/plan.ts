import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { gridPoints, survey, type Survey } from '../activities/survey.js';
import { openDatabase } from '../results/database.js';
import { openStore } from '../results/open-store.js';
import { gridSize } from '../study/expand.js';
import { specHash } from '../study/key.js';
import type { Grid } from '../study/study.js';
import { duration } from './duration.js';
import { estimateSeconds } from './estimate.js';
import { jsonOption, storeOption } from './options.js';
import { print, printJson, warn } from './output.js';
import { readStudyFile } from './study-file.js';
import { storeAddress } from './study-name.js';

/** `ufm-sweep plan STUDY`: what a run would do. Changes nothing. */
export function planCommand(): Command {
  return new Command('plan')
    .description('show what a study expands to, and what of it would be solved')
    .argument('<study>', 'study file')
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(async (path: string, options: { store: string; json: boolean }) => {
      const { study } = await readStudyFile(path);
      const database = await openDatabase(openStore(storeAddress(options.store)));
      try {
        for (const { path: file, reason } of database.problems) warn(`${file}: ${reason}`);
        const found = await survey(gridPoints(study), study.shardSize, database, {
          round: 0,
          again: false,
          signal: new AbortController().signal,
        });
        const seconds = await estimateSeconds(
          found.shards.flat(),
          database,
          availableParallelism(),
        );
        const document = {
          name: study.name,
          spec_hash: specHash(study),
          points: countsOf(found),
          shards: found.shards.length,
          estimated_seconds: seconds,
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

interface PlanDocument {
  readonly name: string;
  readonly points: ReturnType<typeof countsOf>;
  readonly shards: number;
  readonly estimated_seconds: number | null;
  readonly grids: readonly ReturnType<typeof describeGrid>[];
}

function countsOf({ points: total, cached, failed, stale }: Survey) {
  return { total, new: total - cached - stale, stale, cached, failed };
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

function asText({ name, points, shards, estimated_seconds, grids }: PlanDocument): string {
  const time =
    estimated_seconds === null
      ? 'unknown: nothing like it was solved in this store yet'
      : duration(estimated_seconds);
  return [
    `${name}: ${points.total} points: ${points.new} new, ${points.stale} stale, ${points.cached} cached, ${points.failed} failed`,
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
