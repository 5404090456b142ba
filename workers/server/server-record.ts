import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What is written down beside the database, so that whoever comes next finds the server. */
export interface ServerRecord {
  readonly server: string;
  readonly address: string;
  readonly webInterface: string;
  readonly startedAt: string;
  /** Identities of the processes that use the server. */
  readonly users: readonly string[];
}

const recordFile = (folder: string): string => path.join(folder, 'server.json');

/** The record of a folder. Null when there is none, or none that can be read: then nobody can know of a server here. */
export async function readRecord(folder: string): Promise<ServerRecord | null> {
  try {
    return JSON.parse(await readFile(recordFile(folder), 'utf8')) as ServerRecord;
  } catch {
    return null;
  }
}

/** Replaces the record of a folder whole. */
export async function writeRecord(folder: string, record: ServerRecord): Promise<void> {
  const temporary = `${recordFile(folder)}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(record, null, 2)}\n`);
  await rename(temporary, recordFile(folder));
}

/** Takes the record away: no server runs in this folder any more. */
export async function removeRecord(folder: string): Promise<void> {
  await rm(recordFile(folder), { force: true });
}
