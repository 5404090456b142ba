import { spawn } from 'node:child_process';
import path from 'node:path';
import { changedBuild } from '../changed-build.js';
import { endProcess } from '../end-process.js';

/** What `startOlderWorker` says that its numerical version is. */
export const OLDER_VERSION = 0;

/** A solver as it was before the numerics changed last, to be ended by whoever started it. */
export async function startOlderWorker(
  address: string,
  store: string,
): Promise<{ end(): Promise<void> }> {
  const older = await changedBuild({ numericalVersion: OLDER_VERSION });
  const child = spawn(
    process.execPath,
    [older.program, 'worker', '--role', 'solver', '--address', address, '--store', store],
    { cwd: path.dirname(older.program), stdio: 'ignore' },
  );
  return {
    async end() {
      await endProcess(child);
      await older.remove();
    },
  };
}
