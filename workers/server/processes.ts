import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Names a running process by its id and the time at which it started, so that an id that was given to another
 * process since is not mistaken for it. Null when there is no such process, or only its zombie.
 */
export function identify(pid: number): string | null {
  try {
    const started =
      process.platform === 'linux'
        ? startOnLinux(pid)
        : execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return started === null || started === '' ? null : `${pid} ${started}`;
  } catch {
    return null;
  }
}

/** The identity of this process. */
export const OWN_IDENTITY = identify(process.pid) ?? String(process.pid);

/** Whether the process of this identity still runs. */
export function isRunning(identity: string): boolean {
  return identify(pidOf(identity)) === identity;
}

export function pidOf(identity: string): number {
  return Number.parseInt(identity, 10);
}

/** Fields 3 (state) and 22 (start time) of proc(5)'s stat; the second field, in brackets, may contain anything. */
function startOnLinux(pid: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const dead = fields[0] === 'Z' || fields[0] === 'X';
  return dead ? null : fields[19]!;
}
