import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectFile } from '../cli/command.js';
import { endProcess } from '../end-process.js';

/** What `startOlderWorker` says that its numerical version is. */
export const OLDER_VERSION = 0;

/** A solver as it was before the numerics changed last, to be ended by whoever started it. */
export async function startOlderWorker(
  address: string,
  store: string,
): Promise<{ end(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-older-'));
  await cp(projectFile('dist'), path.join(folder, 'dist'), { recursive: true });
  for (const name of ['node_modules', 'package.json']) {
    await symlink(projectFile(name), path.join(folder, name));
  }
  const solver = path.join(folder, 'dist/ufm/numerical-version.js');
  const source = await readFile(solver, 'utf8');
  const older = source.replace(/NUMERICAL_VERSION = \d+/, `NUMERICAL_VERSION = ${OLDER_VERSION}`);
  if (older === source) throw new Error(`${solver} has no numerical version`);
  await writeFile(solver, older);
  const program = path.join(folder, 'dist/cli/main.js');
  const child = spawn(
    process.execPath,
    [program, 'worker', '--role', 'solver', '--address', address, '--store', store],
    { cwd: folder, stdio: 'ignore' },
  );
  return {
    async end() {
      await endProcess(child);
      await rm(folder, { recursive: true });
    },
  };
}
