import { Command } from 'commander';
import { drive, withDriveOptions, type DriveOptions } from './drive.js';
import { givenOptions } from './given-options.js';
import { findStudy, NAME_ARGUMENT } from './study-name.js';

/** `ufm-sweep retry NAME`: solve exactly the points that have failed or are missing, then analyze again. */
export function retryCommand(): Command {
  const command = new Command('retry')
    .description('solve again exactly the points that have failed, diverged or gone')
    .argument('<name>', NAME_ARGUMENT);
  return withDriveOptions(command).action(
    async (name: string, options: DriveOptions, self: Command) => {
      const { reference } = await findStudy(options.store, name);
      const retry = `ufm-sweep retry ${name}${givenOptions(self)}`;
      await drive(reference, options, true, { goOn: retry, retry });
    },
  );
}
