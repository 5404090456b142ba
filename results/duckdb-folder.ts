import { mkdtempSync, readdirSync, rmSync, lstatSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';

// The name of the host keeps machines, and most containers, that share a folder from one another's.
const PREFIX = `ufm-duckdb-${hostname().replaceAll(/[^\w.-]/g, '_')}-`;

let swept = false;

/**
 * Makes a folder for what DuckDB sorts and joins on the disk, for one instance alone: two that share one take each other's
 * files for their own. Whoever made it removes it.
 */
export function makeDuckDBFolder(): string {
  if (!swept) sweepDuckDBFolders();
  swept = true;
  return mkdtempSync(path.join(tmpdir(), `${PREFIX}${process.pid}-`));
}

export function removeDuckDBFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Removes the folders of this user's processes on this host that have ended without removing them. */
export function sweepDuckDBFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) && /^(\d+)-\w{6}$/.exec(name.slice(PREFIX.length))?.[1];
    if (!pid || isRunning(Number(pid))) continue;
    const folder = path.join(tmpdir(), name);
    try {
      const status = lstatSync(folder);
      if (status.isDirectory() && status.uid === process.getuid?.()) removeDuckDBFolder(folder);
    } catch {
      // Somebody else was quicker, or it is none of ours.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
