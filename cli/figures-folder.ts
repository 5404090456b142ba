import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { drawingsOf } from '../analysis/report/drawings.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';

/** The names and the mark of drawings of this program: see `drawingSvg`. */
const NAME = /^\d{2,}-.*\.svg$/;
const MARK = '<g class="alone"';

/**
 * Writes the drawings of a report into a folder beside a page, instead of those of an earlier one: what else lies there
 * stays, and is written around.
 *
 * @returns the folder
 * @throws Failure (bad usage) when there is something that is no folder, a link to one included
 */
export async function writeDrawings(report: string, page: string): Promise<string> {
  const { dir, name } = path.parse(page);
  const folder = path.join(dir, `${name}-figures`);
  await requireFolder(folder);
  await mkdir(folder, { recursive: true });
  for (const file of await ownDrawings(folder)) await rm(path.join(folder, file));
  for (const { file, svg } of drawingsOf(await readFile(report, 'utf8'))) {
    // Never through a link, and never over a file of somebody else.
    await writeFile(path.join(folder, file), svg, { flag: 'wx' }).catch(unlessTaken);
  }
  return folder;
}

/** @throws Failure (bad usage) */
export async function requireFolder(folder: string): Promise<void> {
  const status = await lstat(folder).catch(() => null);
  if (status === null || status.isDirectory()) return;
  throw new Failure(`${folder} is where the figures go, and is no folder`, EXIT.badUsage);
}

async function ownDrawings(folder: string): Promise<string[]> {
  const own: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile() || !NAME.test(entry.name)) continue;
    const text = await readFile(path.join(folder, entry.name), 'utf8');
    if (text.startsWith('<svg') && text.includes(MARK)) own.push(entry.name);
  }
  return own;
}

function unlessTaken(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}
