import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** The environment variable by which processes of a run are known, also those that left its process group. */
export const MARK = 'UFM_PEERS_FOLDER';

/** Ends the processes that a run in this folder has left behind: servers and daemons of groups of their own. */
export async function endProcessesOf(folder: string): Promise<void> {
  for (let left = marked(folder); left.length > 0; left = marked(folder)) {
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself in between.
      }
    }
    await delay(50);
  }
}

/** By Linux's /proc, where a process that has ended and was not waited for has no environment. */
function marked(folder: string): number[] {
  const entry = `${MARK}=${folder}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(entry);
      } catch {
        return false;
      }
    })
    .map(Number);
}
