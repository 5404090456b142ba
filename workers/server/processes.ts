import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, statSync } from 'node:fs';

/**
 * Names a running process by its id, the time at which it started, and the machine and its start, so that an id that was given to
 * another process since, or that means another process elsewhere, is not mistaken for it. Null when there is no such process,
 * or only its zombie.
 */
export function identify(pid: number): string | null {
  try {
    const started =
      process.platform === 'linux' ? startOnLinux(pid) : askPs('lstart=', pid).replaceAll(' ', '_');
    return started === null || started === '' ? null : `${pid} ${started} ${THIS_START}`;
  } catch {
    return null;
  }
}

/** This start of this machine; of a container, which counts its processes by itself, its own. */
const THIS_START = thisStart();

/** The identity of this process. */
export const OWN_IDENTITY = identify(process.pid) ?? String(process.pid);

/** Whether the process of this identity still runs. */
export function isRunning(identity: string): boolean {
  return identify(pidOf(identity)) === identity;
}

export function pidOf(identity: string): number {
  return Number.parseInt(identity, 10);
}

/**
 * Whether the process of this identity runs, is of this user, and was started with all of these words: what a record says alone
 * is no reason to send a process a signal.
 */
export function isOurs(identity: string, words: readonly string[]): boolean {
  if (!isRunning(identity)) return false;
  const pid = pidOf(identity);
  try {
    if (process.platform === 'linux') {
      const given = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const { uid } = statSync(`/proc/${pid}`);
      return uid === process.getuid!() && words.every((word) => given.includes(word));
    }
    const given = askPs('command=', pid);
    const uid = Number(askPs('uid=', pid));
    return uid === process.getuid?.() && words.every((word) => given.includes(word));
  } catch {
    return false;
  }
}

/** Fields 3 (state) and 22 (start time) of proc(5)'s stat; the second field, in brackets, may contain anything. */
function startOnLinux(pid: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const dead = fields[0] === 'Z' || fields[0] === 'X';
  return dead ? null : fields[19]!;
}

function askPs(field: string, pid: number): string {
  return execFileSync('ps', ['-ww', '-o', field, '-p', String(pid)], { encoding: 'utf8' }).trim();
}

function thisStart(): string {
  try {
    if (process.platform !== 'linux') {
      return execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8' }).trim();
    }
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return 'unknown';
  }
}
