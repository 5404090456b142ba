import { readdirSync, readFileSync } from 'node:fs';

/** Of the kernel's clock ticks, in which it counts CPU time, there are so many a second on every Linux. */
const TICKS_PER_SECOND = 100;

/** One process as the kernel counts it: those of its children that have ended and were waited for are in its seconds. */
interface Counted {
  readonly pid: number;
  readonly parent: number;
  readonly cpuSeconds: number;
}

/**
 * CPU seconds, user and system, that processes and all their descendants have used, by Linux's /proc: a database
 * starts a process a connection.
 *
 * @throws Error when one of the processes has ended
 */
export function cpuSecondsOf(roots: readonly number[]): number {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? counted(name) : []));
  const wanted = new Set(roots);
  // Parents are older than their children, but numbers of processes begin again: so until nothing is added.
  for (let before = 0; before < wanted.size;) {
    before = wanted.size;
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid);
  }
  const found = all.filter(({ pid }) => wanted.has(pid));
  const gone = roots.find((root) => !found.some(({ pid }) => pid === root));
  if (gone !== undefined) throw new Error(`the process ${gone} has ended`);
  return found.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

function counted(pid: string): Counted[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return [{ pid: Number(pid), parent: Number(fields[1]), cpuSeconds: ticks / TICKS_PER_SECOND }];
  } catch {
    // It has ended in between.
    return [];
  }
}
