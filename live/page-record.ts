import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { makeOwnFolder, serverFolder } from '../workers/server/state-folder.js';

const RECORD = z.object({
  port: z.int().min(0).max(65_535).nullable(),
  token: z.string().regex(/^[\w-]{43}$/),
});

/** What stays the same when the page's server is started again, so that an open page finds it. */
export interface PageRecord {
  /** Null before it has listened anywhere. */
  readonly port: number | null;
  /** Who has it may read and control the studies of the store. */
  readonly token: string;
}

const TOKEN_BYTES = 32;

/**
 * Where the page of a store was the last time, and its token: a new one when there is none, or others than its owner
 * could have read it.
 */
export async function readPageRecord(store: string): Promise<PageRecord> {
  const file = await recordFile(store);
  try {
    const { mode } = await stat(file);
    const record = parsePageRecord(await readFile(file, 'utf8'));
    const isPrivate = process.platform === 'win32' || (mode & 0o077) === 0;
    if (isPrivate && record !== null) return record;
  } catch {
    // None yet, or none that can be read.
  }
  return { port: null, token: randomBytes(TOKEN_BYTES).toString('base64url') };
}

/** The record that a text says; null when it says none. */
export function parsePageRecord(text: string): PageRecord | null {
  try {
    return RECORD.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Keeps it for the next time, readable by its owner only. */
export async function writePageRecord(store: string, record: PageRecord): Promise<void> {
  const file = await recordFile(store);
  await makeOwnFolder(path.dirname(file));
  const temporary = `${file}.${randomUUID().slice(0, 8)}`;
  await writeFile(temporary, JSON.stringify(record), { mode: 0o600 });
  await rename(temporary, file);
}

async function recordFile(store: string): Promise<string> {
  return path.join(await serverFolder(store), 'page.json');
}
