import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { thisProgram } from '../../workers/program.js';
import { projectFile } from '../cli/command.js';

/** What the bundle of `otherProgram` is called unless its hash stays. */
export const OTHER_BUNDLE = '0123456789abcdef';

/**
 * This program with other workflow code, in a folder that is gone after the test: its histories do not replay with the code of
 * today, nor those of today with it.
 *
 * @param bundle its hash, which usually tells
 * @param version of its package; that of this program unless stated
 * @returns path of what Node is to run
 */
export async function otherProgram(
  bundle = OTHER_BUNDLE,
  version = thisProgram().version,
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-other-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(projectFile('dist'), path.join(folder, 'dist'), { recursive: true });
  const description = await readFile(projectFile('package.json'), 'utf8');
  const own = JSON.stringify({ ...(JSON.parse(description) as object), version });
  await writeFile(path.join(folder, 'package.json'), own);
  for (const name of ['node_modules', '.tools']) {
    await symlink(projectFile(name), path.join(folder, name));
  }
  const file = path.join(folder, 'dist/workflow-bundle.js');
  const code = await readFile(file, 'utf8');
  const changed = code.replace(
    /async function study\(\w+\) \{/,
    // A timer of Temporal's, as workflow code has no other.
    (start) => `${start} await new Promise((resolve) => setTimeout(resolve, 1));`,
  );
  if (changed === code) throw new Error(`${file} has no workflow of a study`);
  await writeFile(file, changed.replace(thisProgram().bundle, bundle));
  return path.join(folder, 'dist/cli/main.js');
}
