import { mkdir, writeFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { Failure } from './failure.js';
import { EXIT } from './exit-codes.js';
import { print } from './output.js';
import { packageFile } from './package-file.js';

/** `ufm-sweep init [DIR]`: a commented study file to start from. */
export function initCommand(): Command {
  return new Command('init')
    .description('write a commented study file to start from')
    .argument('[dir]', 'folder for it', '.')
    .action(async (folder: string) => {
      const target = join(folder, 'study.yaml');
      const example = await readFile(packageFile('examples/quick-start.yaml'), 'utf8');
      await mkdir(folder, { recursive: true });
      try {
        await writeFile(target, example, { flag: 'wx' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        throw new Failure(`${target} is there already; it was left as it is`, EXIT.badUsage);
      }
      print(`Wrote ${target}. Next: ufm-sweep plan ${target}`);
    });
}
