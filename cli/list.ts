import { Command } from 'commander';
import type { StudyStatus } from '../live/status.js';
import { latestPath } from '../results/paths.js';
import { listStudies } from '../results/studies.js';
import { referenceTo } from '../results/study-reference.js';
import { listVersions, versionName } from '../results/study-versions.js';
import { describeStatus } from './describe-status.js';
import { storeOrNothing } from './known-store.js';
import { addressOption, jsonOption, storeOption } from './options.js';
import { print, printJson, warn } from './output.js';
import { withMonitors } from './study-monitor.js';
import type { ServerOptions } from './study-server.js';

/** A version of a study, as `--json` has it. */
interface ListedVersion extends Pick<StudyStatus, 'name' | 'state' | 'engine' | 'points'> {
  readonly spec_hash: string;
  /** Whether its name alone means this version. */
  readonly latest: boolean;
}

/** `ufm-sweep list`: what is in a store, running or not. */
export function listCommand(): Command {
  return new Command('list')
    .description('list the studies of a store with all versions: which run, and how far they are')
    .addOption(storeOption())
    .addOption(addressOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nCommands that take the name of a study mean its latest version; NAME@HASH is an earlier one, by six digits or more.',
    )
    .action(async (options: ServerOptions & { json: boolean }) => {
      const store = await storeOrNothing(options.store);
      const { versions: latest, problems } = await listStudies(store);
      for (const { path, reason } of problems) warn(`${path} is left out: ${reason}`);
      const unclear = new Set(problems.map(({ path }) => path));
      const listed: ListedVersion[] = [];
      await withMonitors(store, options.address, async (monitors) => {
        for (const version of await listVersions(store)) {
          if (unclear.has(latestPath(version.study))) continue;
          const status = await monitors.once(await referenceTo(store, version)).status();
          const { name, state, engine, points } = status;
          const isLatest = latest.some(({ specHash }) => specHash === version.specHash);
          listed.push({ name, spec_hash: version.specHash, latest: isLatest, state, engine, points }); // prettier-ignore
          if (options.json) continue;
          const called = isLatest ? `${versionName(version)} (latest)` : versionName(version);
          print(describeStatus({ ...status, name: called }));
        }
      });
      if (options.json) printJson(listed);
    });
}
