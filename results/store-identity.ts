import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Store } from './store.js';

/** The file that makes a folder, or a prefix of a bucket, a store of this program. */
export const MARKER_PATH = 'ufm-store.json';

const MARKER = z.object({
  format: z.literal('ufm-sweep store'),
  version: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{32}$/),
});

/** What is in the place of a store is not of this program, or not of this version of it: nothing is touched. */
export class NotAStore extends Error {
  override readonly name = 'NotAStore';
}

/**
 * What tells a store from all others, wherever it is mounted and whatever it is called there: 32 hex digits.
 *
 * @returns null where there is nothing yet
 * @throws NotAStore where there is something that is none of ours
 */
export async function storeId(store: Store): Promise<string | null> {
  const id = await readMarker(store);
  if (id !== null) return id;
  if (await store.isEmpty()) return null;
  throw new NotAStore(
    `${store.url} is not empty and has no ${MARKER_PATH}, so it is no store of ufm-sweep: name another place, or, if its ` +
      `results are from a version before 0.2, run: ufm-sweep adopt --store ${store.url}`,
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

/**
 * The identity of a store by its marker as it is now, for whoever may have lost sight of it, as of a file system that is
 * mounted no more.
 *
 * @returns null where there is no marker
 * @throws NotAStore where there is one that cannot be understood
 */
export async function readMarker(store: Store): Promise<string | null> {
  const bytes = await store.read(MARKER_PATH);
  return bytes === null ? null : idOf(bytes, store);
}

/** Makes a store of a place, whatever is in it, unless it is one; returns its identity. */
export async function markStore(store: Store): Promise<string> {
  const id = randomUUID().replaceAll('-', '');
  const marker = { format: 'ufm-sweep store', version: 1, id } satisfies z.infer<typeof MARKER>;
  await store.publish(MARKER_PATH, Buffer.from(`${JSON.stringify(marker)}\n`));
  // Somebody else may have been first.
  return idOf((await store.read(MARKER_PATH))!, store);
}

function idOf(bytes: Uint8Array, { url }: Store): string {
  try {
    return MARKER.parse(JSON.parse(Buffer.from(bytes).toString())).id;
  } catch {
    throw new NotAStore(
      `${MARKER_PATH} in ${url} does not say what this version of ufm-sweep expects: it is damaged, or a newer version wrote it`,
    );
  }
}
