import { Command } from 'commander';
import { adopt } from '../results/adopt.js';
import { openStore } from '../results/open-store.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { jsonOption, storeOption } from './options.js';
import { print, printJson, warn } from './output.js';

/** `ufm-sweep adopt`: a store of an earlier version becomes one of this version, which knows a store by its marker. */
export function adoptCommand(): Command {
  return new Command('adopt')
    .description('mark the store of an earlier version as one; changes nothing else in it')
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(async ({ store: url, json }: { store: string; json: boolean }) => {
      const { id, studies, parts, foreign } = await adopt(openStore(url));
      if (id === null) {
        throw new Failure(
          `${url} holds neither a study nor a part that ufm-sweep wrote: it stays as it is`,
          EXIT.badUsage,
        );
      }
      for (const path of foreign) warn(`${path} is not of ufm-sweep, and is left alone`);
      if (json) printJson({ store: url, id, studies, parts, foreign });
      else print(`${url} is a store of ufm-sweep: ${counted(studies, parts)}`);
    });
}

function counted(studies: readonly string[], parts: number): string {
  const named = studies.length === 0 ? 'no study' : `the studies ${studies.join(', ')}`;
  return `${named}, ${parts} parts`;
}
