import { Command } from 'commander';
import type { StudyStatus } from '../live/status.js';
import { currentPlans } from '../results/current-plans.js';
import { describeStatus } from './describe-status.js';
import { addressOption, jsonOption, storeOption } from './options.js';
import { print, printJson } from './output.js';
import { warnIfOtherVersion } from './shown-version.js';
import { withMonitors } from './study-monitor.js';
import { findStudy, NAME_ARGUMENT } from './study-name.js';
import type { ServerOptions } from './study-server.js';

/** `ufm-sweep status NAME`: how far a study is, running or not. */
export function statusCommand(): Command {
  return new Command('status')
    .description('show how far a study is')
    .argument('<name>', NAME_ARGUMENT)
    .addOption(storeOption())
    .addOption(addressOption())
    .addOption(jsonOption())
    .action(async (name: string, options: ServerOptions & { json: boolean }) => {
      const { store, reference } = await findStudy(options.store, name);
      const status: StudyStatus = await withMonitors(store, options.address, (monitors) =>
        monitors.once(reference).status(),
      );
      const { numericalVersion } = await currentPlans(store, reference);
      warnIfOtherVersion(reference.study, numericalVersion);
      if (options.json) printJson(status);
      else print(describeStatus(status));
    });
}
