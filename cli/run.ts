import { Command } from 'commander';
import { saveStudy } from '../results/studies.js';
import { referenceTo } from '../results/study-reference.js';
import { specHash } from '../study/key.js';
import { drive, withDriveOptions, type DriveOptions } from './drive.js';
import { givenOptions, shellWord } from './given-options.js';
import { storeToWrite } from './known-store.js';
import { requireMeant } from './largest-study.js';
import { yesOption } from './options.js';
import { readStudyFile } from './study-file.js';

interface RunOptions extends DriveOptions {
  readonly yes: boolean;
}

/** `ufm-sweep run STUDY`: start or resume, then analysis and report. */
export function runCommand(): Command {
  const command = new Command('run')
    .description('run a study, or go on with it: solve what is missing, then analyze')
    .argument('<study>', 'study file')
    .addOption(yesOption());
  return withDriveOptions(command).action(
    async (path: string, options: RunOptions, self: Command) => {
      const { study, text } = await readStudyFile(path);
      requireMeant(study, options.yes);
      const store = await storeToWrite(options.store);
      const version = await saveStudy(store, study, specHash(study), text);
      await drive(await referenceTo(store, version), options, false, {
        goOn: `ufm-sweep run ${shellWord(path)}${givenOptions(self)}`,
        retry: `ufm-sweep retry ${study.name}${givenOptions(self, '--yes')}`,
      });
    },
  );
}
