import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Store } from './store.js';
import { UnusableFile } from './unusable-file.js';

/** The file that makes a folder, or a prefix of a bucket, a store of this program. */
export const MARKER_PATH = 'ufm-store.json';

const LARGEST_MARKER = 4096;

const MARKER = z.object({
  format: z.literal('ufm-sweep store'),
  version: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{32}$/),
});

/** What is in the place of a store is not of this program, or not of this version of it: nothing is touched. */
export class NotAStore extends Error {
  override readonly name = 'NotAStore';
}

/** What this process has found out, by URL: a worker asks for each shard. */
const known = new Map<string, string>();

/**
 * What tells a store from all others, wherever it is mounted and whatever it is called there: 32 hex digits. Read once
 * a process.
 *
 * @returns null where there is nothing yet
 * @throws NotAStore where there is something that is none of ours
 */
export async function storeId(store: Store): Promise<string | null> {
  const id = known.get(store.url) ?? (await readMarker(store));
  if (id !== null) return remembered(store, id);
  if (await store.isEmpty()) return null;
  // The marker is the first file of a store: it may have come since, with what is there now behind it.
  const come = await readMarker(store);
  if (come !== null) return remembered(store, come);
  throw new NotAStore(
    `${store.url} is not empty and has no ${MARKER_PATH}, so it is no store of ufm-sweep, and nothing in it was touched: ` +
      `name another place with --store, or, if an earlier version made it, run: ufm-sweep adopt --store ${store.url}`,
  );
}

/**
 * The identity of a store that is about to be written to; an empty place becomes a store.
 *
 * @throws NotAStore where there is something that is none of ours
 */
export async function claimStore(store: Store): Promise<string> {
  return (await storeId(store)) ?? markStore(store);
}

/** Makes a store of a place, whatever is in it, unless it is one; returns its identity. */
export async function markStore(store: Store): Promise<string> {
  const id = randomUUID().replaceAll('-', '');
  const marker = { format: 'ufm-sweep store', version: 1, id } satisfies z.infer<typeof MARKER>;
  await store.publish(MARKER_PATH, Buffer.from(`${JSON.stringify(marker)}\n`));
  // Somebody else may have been first.
  return remembered(store, (await readMarker(store))!);
}

function remembered({ url }: Store, id: string): string {
  known.set(url, id);
  return id;
}

/**
 * The identity of a store by its marker as it is now, for whoever may have lost sight of it, as of a file system that is
 * mounted no more.
 *
 * @returns null where there is no marker
 * @throws NotAStore where there is one that cannot be understood
 */
export async function readMarker(store: Store): Promise<string | null> {
  const bytes = await store.read(MARKER_PATH, LARGEST_MARKER).catch((error: unknown) => {
    throw error instanceof UnusableFile ? unusable(store, error.reason) : error;
  });
  if (bytes === null) return null;
  try {
    return MARKER.parse(JSON.parse(Buffer.from(bytes).toString())).id;
  } catch {
    throw unusable(store, 'it is damaged, or a newer version of ufm-sweep wrote it');
  }
}

function unusable({ url }: Store, reason: string): NotAStore {
  return new NotAStore(
    `${MARKER_PATH} in ${url} does not say which store it is: ${reason}; nothing was touched`,
  );
}
