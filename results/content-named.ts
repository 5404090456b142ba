import { createHash } from 'node:crypto';
import { DamagedFileError } from './checksum.js';
import type { Store } from './store.js';

/** What names a file by what is in it: the first 32 hex digits of its SHA-256. */
export function contentName(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/** @throws DamagedFileError when a file that is named by its content holds something else */
export function requireNamed(path: string, bytes: Uint8Array): void {
  const name = path.slice(path.lastIndexOf('/') + 1, path.lastIndexOf('.'));
  if (name !== contentName(bytes))
    throw new DamagedFileError('its bytes are not those of its name');
}

/**
 * Publishes a file under the name of its content, unless it is there. What has taken its path and is something else was
 * damaged, and is set aside.
 *
 * @param pathOf the path of the file by its name
 * @returns the name
 */
export async function publishNamed(
  store: Store,
  pathOf: (name: string) => string,
  bytes: Uint8Array,
): Promise<string> {
  const name = contentName(bytes);
  const path = pathOf(name);
  if (await store.publish(path, bytes)) return name;
  const there = await store.direct().read(path);
  if (there !== null && Buffer.compare(there, bytes) === 0) return name;
  if (there !== null) await store.quarantine(path, there);
  await store.publish(path, bytes);
  return name;
}
