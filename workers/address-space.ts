import { readFileSync } from 'node:fs';

/** With less than this, Temporal's threads beside the solvers' end the process; without a server a study needs half of it. */
export const TEMPORAL_NEEDS_BYTES = 12e9;

/** Bytes of address space that this process may have (`ulimit -v`); infinite where that is not limited or not known. */
export function addressSpace(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max address space\s+(\d+)/m.exec(limits)?.[1] ?? Infinity);
  } catch {
    return Infinity;
  }
}
