import { Command, Option } from 'commander';
import { currentPlans } from '../results/current-plans.js';
import { EXPORT_FORMATS, exportStudy, originPath, type ExportFormat } from '../results/export.js';
import { writtenTo } from '../results/written-to.js';
import { jsonOption, storeOption } from './options.js';
import { requireOutside } from './out-file.js';
import { print, printJson, warn } from './output.js';
import { isPartial, warnIfPartial } from './partial.js';
import { warnIfOtherVersion } from './shown-version.js';
import { findStudy, NAME_ARGUMENT } from './study-name.js';

interface ExportOptions {
  readonly store: string;
  readonly format: ExportFormat;
  readonly out?: string;
  readonly json: boolean;
}

/** `ufm-sweep export NAME`: all rows of a study as one file. */
export function exportCommand(): Command {
  return new Command('export')
    .description('write the rows of a study as one sorted file')
    .argument('<name>', NAME_ARGUMENT)
    .addOption(
      new Option('--format <format>', 'kind of file').choices(EXPORT_FORMATS).default('parquet'),
    )
    .option('--out <file>', 'the file, or s3://bucket/key (default: NAME.parquet, .arrow or .csv)')
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(async (name: string, { store: url, format, out, json }: ExportOptions) => {
      const { store, reference } = await findStudy(url, name);
      const file = out ?? `${name}.${format}`;
      await requireOutside(file, reference.store);
      if (format === 'csv') await requireOutside(originPath(file), reference.store);
      const { rows, problems, ...count } = await writtenTo(file, (path) =>
        exportStudy(store, reference, format, path),
      );
      for (const { path, reason } of problems) warn(`${path} is left out: ${reason}`);
      warnIfPartial(name, count);
      warnIfOtherVersion(reference.study, (await currentPlans(store, reference)).numericalVersion);
      if (json)
        printJson({ name, file, format, rows, partial: isPartial(count), ...count, problems });
      else print(`${rows} rows in ${file}`);
    });
}
