import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa, type Options } from 'execa';
import { onTestFinished } from 'vitest';

const PROJECT = path.join(import.meta.dirname, '../..');

/** A file of the project, by its path from the top. */
export function projectFile(name: string): string {
  return path.join(PROJECT, name);
}

/** What a command printed, and how it ended. */
export interface Ending {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `ufm-sweep` as it is built, in a process of its own; a failing command is an ending, not an exception. */
export async function ufmSweep(
  commandArguments: readonly string[],
  options: Options = {},
): Promise<Ending> {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [projectFile('dist/cli/main.js'), ...commandArguments],
    { reject: false, env: { TEMPORAL_ADDRESS: '', NO_COLOR: '1' }, ...options },
  );
  return { exitCode, stdout: stdout as string, stderr: stderr as string };
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
