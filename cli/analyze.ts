import { copyFile } from 'node:fs/promises';
import { Command } from 'commander';
import { analyzeStudy } from '../analysis/analyze.js';
import { summaryText } from '../analysis/tables.js';
import { writtenTo } from '../results/written-to.js';
import { readFindings, type Findings } from './findings.js';
import { jsonOption, storeOption } from './options.js';
import { print, printJson } from './output.js';
import { warnIfPartial } from './partial.js';
import { findStudy } from './study-name.js';

/** `ufm-sweep analyze NAME`: thresholds and the large-sample law, from the rows that have landed. */
export function analyzeCommand(): Command {
  return new Command('analyze')
    .description('find thresholds and large-sample limits in what has landed')
    .argument('<name>', 'name of the study')
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(async (name: string, options: { store: string; json: boolean }) => {
      const { summary } = await analyzeNow(options.store, name);
      if (options.json) printJson(summary);
      else print(summaryText(summary));
    });
}

/** `ufm-sweep report NAME`: the page of plots. */
export function reportCommand(): Command {
  return new Command('report')
    .description('write the page of plots from what has landed, and print its path')
    .argument('<name>', 'name of the study')
    .option('--out <file>', 'also copy the page there, or to s3://bucket/key')
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(async (name: string, options: { store: string; json: boolean; out?: string }) => {
      const { report, summary } = await analyzeNow(options.store, name);
      warnIfPartial(name, summary.points);
      if (options.out !== undefined) await writtenTo(options.out, (file) => copyFile(report, file));
      const path = options.out ?? report;
      if (options.json) printJson({ name, report: path, partial: summary.partial });
      else print(path);
    });
}

async function analyzeNow(storeUrl: string, name: string): Promise<Findings> {
  const { store, reference } = await findStudy(storeUrl, name);
  await analyzeStudy(store, reference);
  return (await readFindings(store, reference))!;
}
