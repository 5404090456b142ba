import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { requireOwn } from './state-folder.js';

/** See `processes.ts`. */
const IDENTITY = z.string().regex(/^\d{1,10} \S+ \S+$/);

const RECORD = z.object({
  /** The process that ends the server when nobody uses it any more. */
  guardian: IDENTITY,
  server: IDENTITY,
  address: z.string().regex(/^127\.0\.0\.1:\d{1,5}$/),
  /** Null when it was started without. */
  webInterface: z
    .string()
    .regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/)
    .nullable(),
  startedAt: z.string(),
  /** The processes that use the server. */
  users: z.array(IDENTITY),
});

/** What is written down beside the database, so that whoever comes next finds the server. */
export type ServerRecord = Readonly<z.infer<typeof RECORD>>;

const recordFile = (folder: string): string => path.join(folder, 'server.json');

/**
 * The record of a folder. Null when there is none, or none that can be understood: then nobody can know of a server here.
 *
 * @throws ForeignFolderError when others could have written it
 */
export async function readRecord(folder: string): Promise<ServerRecord | null> {
  await requireOwn(folder);
  try {
    return RECORD.parse(JSON.parse(await readFile(recordFile(folder), 'utf8')));
  } catch {
    return null;
  }
}

/** Replaces the record of a folder whole. */
export async function writeRecord(folder: string, record: ServerRecord): Promise<void> {
  const temporary = `${recordFile(folder)}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, recordFile(folder));
}

/** Takes the record away: no server runs in this folder any more. */
export async function removeRecord(folder: string): Promise<void> {
  await rm(recordFile(folder), { force: true });
}
