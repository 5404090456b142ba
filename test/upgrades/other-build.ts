import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { changedBuild, type Difference } from '../changed-build.js';
import { projectFile, type Ending } from '../cli/command.js';

/** What the bundle of another build is called unless its hash stays. */
export const OTHER_BUNDLE = '0123456789abcdef';

/** This program as another version of it would be. */
export interface Build {
  /** What Node is to run. */
  readonly program: string;
  /** Runs `ufm-sweep`; a failing command is an ending, not an exception. */
  run(cwd: string, ...words: string[]): Promise<Ending>;
}

/** Today's program. */
export const THIS_BUILD: Build = buildOf(projectFile('dist/cli/main.js'));

/** What is built, changed in a folder of its own, which goes when the test ends. */
export async function otherBuild(difference: Difference): Promise<Build> {
  const changed = await changedBuild(difference);
  onTestFinished(() => changed.remove());
  return buildOf(changed.program);
}

/** What a command that must not fail answers. */
export async function answer<T>(build: Build, cwd: string, ...words: string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await build.run(cwd, ...words, '--json');
  if (exitCode !== 0) throw new Error(`${words.join(' ')} exits ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

function buildOf(program: string): Build {
  return {
    program,
    async run(cwd, ...words) {
      const { exitCode, stdout, stderr } = await execa(process.execPath, [program, ...words], {
        ...{ cwd, reject: false, env: { TEMPORAL_ADDRESS: '', NO_COLOR: '1' } },
      });
      return { exitCode, stdout, stderr };
    },
  };
}
