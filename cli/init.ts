import { mkdir, writeFile, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { Failure } from './failure.js';
import { EXIT } from './exit-codes.js';
import { print } from './output.js';
import { packageFile } from '../infra/package-file.js';

/** `ufm-sweep init [DIR]`: a commented study file to start from; a path that ends like one names the file itself. */
export function initCommand(): Command {
  return new Command('init')
    .description('write a commented study file to start from')
    .argument('[dir]', 'folder for it, or a file name ending in .yaml', '.')
    .action(async (given: string) => {
      const target = /\.ya?ml$/i.test(given) ? given : join(given, 'study.yaml');
      const example = await readFile(packageFile('examples/quick-start.yaml'), 'utf8');
      await mkdir(dirname(target), { recursive: true });
      try {
        await writeFile(target, example, { flag: 'wx' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        throw new Failure(`${target} is there already; it was left as it is`, EXIT.badUsage);
      }
      print(`Wrote ${target}. Next: ufm-sweep plan ${target}`);
    });
}
