import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { thisProgram } from '../workers/program.js';
import { projectFile } from './cli/command.js';

/** What another version of this program does otherwise. */
export interface Difference {
  readonly numericalVersion?: number;
  /** A column more in every part: the number 7. */
  readonly column?: string;
  /**
   * Other workflow code, under this hash: its histories do not replay with the code of today, nor those of today with it.
   * Under the hash of today's code nothing but that tells.
   */
  readonly bundle?: string;
  /** Of the package. */
  readonly version?: string;
}

/** What is built, changed, in a folder of its own. */
export interface ChangedBuild {
  /** What Node is to run. */
  readonly program: string;
  remove(): Promise<void>;
}

/** This program as another version of it would be; to be removed by whoever asked for it. */
export async function changedBuild(difference: Difference): Promise<ChangedBuild> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-build-'));
  await cp(projectFile('dist'), path.join(folder, 'dist'), { recursive: true });
  await cp(projectFile('package.json'), path.join(folder, 'package.json'));
  for (const name of ['node_modules', '.tools']) {
    await symlink(projectFile(name), path.join(folder, name));
  }
  for (const { file, what, into } of changesOf(difference)) {
    await change(path.join(folder, file), what, into);
  }
  return {
    program: path.join(folder, 'dist/cli/main.js'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

interface Change {
  readonly file: string;
  readonly what: RegExp;
  readonly into: string;
}

function* changesOf({ numericalVersion, column, bundle, version }: Difference): Iterable<Change> {
  if (numericalVersion !== undefined) {
    const into = `NUMERICAL_VERSION = ${numericalVersion}`;
    yield { file: 'dist/ufm/numerical-version.js', what: /NUMERICAL_VERSION = \d+/, into };
  }
  if (column !== undefined) {
    const more = `{ name: '${column}', type: 'int32', nullable: true, of: () => 7 }`;
    const into = `...PROVENANCE_COLUMNS, ${more},`;
    yield { file: 'dist/results/columns.js', what: /\.\.\.PROVENANCE_COLUMNS,/, into };
  }
  if (bundle !== undefined) {
    // A timer of Temporal's, as workflow code has no other.
    const into = '$& await new Promise((resolve) => setTimeout(resolve, 1));';
    const file = 'dist/workflow-bundle.js';
    yield { file, what: /async function study\(\w+\) \{/, into };
    yield { file, what: new RegExp(thisProgram().bundle), into: bundle };
  }
  if (version !== undefined) {
    yield { file: 'package.json', what: /"version": "[^"]*"/, into: `"version": "${version}"` };
  }
}

async function change(file: string, what: RegExp, into: string): Promise<void> {
  const before = await readFile(file, 'utf8');
  if (!what.test(before)) throw new Error(`${file} does not have ${what}`);
  await writeFile(file, before.replace(what, into));
}
