import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, rename, rm } from 'node:fs/promises';
import { Command } from 'commander';
import { analyzeStudy } from '../analysis/analyze.js';
import { summaryText } from '../analysis/tables.js';
import { currentPlans } from '../results/current-plans.js';
import { isS3Url } from '../results/s3/address.js';
import { writtenTo } from '../results/written-to.js';
import { writeDrawings } from './figures-folder.js';
import { readFindings, type Findings } from './findings.js';
import { storeAddress } from './known-store.js';
import { jsonOption, storeOption } from './options.js';
import { requireOutside } from './out-file.js';
import { print, printJson } from './output.js';
import { warnIfPartial } from './partial.js';
import { warnIfOtherVersion } from './shown-version.js';
import { findStudy, NAME_ARGUMENT } from './study-name.js';

/** `ufm-sweep analyze NAME`: thresholds and the large-sample law, from the rows that have landed. */
export function analyzeCommand(): Command {
  return new Command('analyze')
    .description('find thresholds and large-sample limits in what has landed')
    .argument('<name>', NAME_ARGUMENT)
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(async (name: string, options: { store: string; json: boolean }) => {
      const { summary } = await analyzeNow(options.store, name);
      if (options.json) printJson(summary);
      else print(summaryText(summary));
    });
}

/** `ufm-sweep report NAME`: the page of plots, and beside it a folder with each of them as an SVG file. */
export function reportCommand(): Command {
  return new Command('report')
    .description('write the page of plots from what has landed, and each plot as SVG; print where')
    .argument('<name>', NAME_ARGUMENT)
    .option(
      '--out <file>',
      'copy the page there, with the plots beside it; or the page alone to s3://bucket/key',
    )
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(async (name: string, options: { store: string; json: boolean; out?: string }) => {
      if (options.out !== undefined) await requireOutside(options.out, storeAddress(options.store));
      const { report, summary } = await analyzeNow(options.store, name);
      warnIfPartial(name, summary.points);
      if (options.out !== undefined) {
        await writtenTo(options.out, (file) => copyWhole(report, file));
      }
      const page = options.out ?? report;
      const figures = await writeDrawings(report, isS3Url(page) ? report : page);
      if (options.json) printJson({ name, report: page, figures, partial: summary.partial });
      else print(`${page}\n${figures}`);
    });
}

async function analyzeNow(storeUrl: string, name: string): Promise<Findings> {
  const { store, reference } = await findStudy(storeUrl, name);
  await analyzeStudy(store, reference);
  warnIfOtherVersion(reference.study, (await currentPlans(store, reference)).numericalVersion);
  return (await readFindings(store, reference))!;
}

/** Copies a file to a name that shows it whole or not at all, and that is not followed where it is a link. */
async function copyWhole(file: string, target: string): Promise<void> {
  const unfinished = `${target}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await copyFile(file, unfinished, constants.COPYFILE_EXCL);
    await rename(unfinished, target);
  } finally {
    await rm(unfinished, { force: true });
  }
}
