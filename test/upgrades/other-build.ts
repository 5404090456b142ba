import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { projectFile, type Ending } from '../cli/command.js';

/** What another version of this program does otherwise. */
export interface Difference {
  readonly numericalVersion?: number;
  /** A column more in every part: the number 7. */
  readonly column?: string;
}

/** This program as another version of it would be. */
export interface Build {
  /** Runs `ufm-sweep`; a failing command is an ending, not an exception. */
  run(cwd: string, ...words: string[]): Promise<Ending>;
}

/** Today's program. */
export const THIS_BUILD: Build = buildIn(projectFile('.'));

/** What is built, changed in a folder of its own, which goes when the test ends. */
export async function otherBuild({ numericalVersion, column }: Difference): Promise<Build> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-build-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(projectFile('dist'), path.join(folder, 'dist'), { recursive: true });
  for (const name of ['node_modules', 'package.json']) {
    await symlink(projectFile(name), path.join(folder, name));
  }
  if (numericalVersion !== undefined) {
    await change(
      path.join(folder, 'dist/ufm/numerical-version.js'),
      /NUMERICAL_VERSION = \d+/,
      `NUMERICAL_VERSION = ${numericalVersion}`,
    );
  }
  if (column !== undefined) {
    const more = `{ name: '${column}', type: 'int32', nullable: true, of: () => 7 }`;
    await change(
      path.join(folder, 'dist/results/columns.js'),
      /\.\.\.PROVENANCE_COLUMNS,/,
      `...PROVENANCE_COLUMNS, ${more},`,
    );
  }
  return buildIn(folder);
}

/** What a command that must not fail answers. */
export async function answer<T>(build: Build, cwd: string, ...words: string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await build.run(cwd, ...words, '--json');
  if (exitCode !== 0) throw new Error(`${words.join(' ')} exits ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

function buildIn(folder: string): Build {
  return {
    async run(cwd, ...words) {
      const { exitCode, stdout, stderr } = await execa(
        process.execPath,
        [path.join(folder, 'dist/cli/main.js'), ...words],
        { cwd, reject: false, env: { TEMPORAL_ADDRESS: '', NO_COLOR: '1' } },
      );
      return { exitCode, stdout, stderr };
    },
  };
}

async function change(file: string, what: RegExp, into: string): Promise<void> {
  const before = await readFile(file, 'utf8');
  const after = before.replace(what, into);
  if (after === before) throw new Error(`${file} does not have ${what}`);
  await writeFile(file, after);
}
