import { readFileSync } from 'node:fs';

/** Of the kernel's clock ticks, in which it counts CPU time, there are so many a second on every Linux. */
const TICKS_PER_SECOND = 100;

/** What a process has used, as far as it was looked at. */
export interface Usage {
  /** Of all its threads, user and system. */
  readonly cpuSeconds: number;
  /** The largest resident set so far. */
  readonly peakBytes: number;
}

/** Usage of a process by Linux's /proc; null when it has ended. */
export function usageOf(pid: number): Usage | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    if (peak === null) return null;
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
      peakBytes: Number(peak[1]) * 1024,
    };
  } catch {
    return null;
  }
}
