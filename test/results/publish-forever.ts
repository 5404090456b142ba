import { randomUUID } from 'node:crypto';
import { FolderStore } from '../../results/folder-store.js';

const LENGTH = 1 << 20;

/** Whether a file is one that this program wrote to its end. */
export function isWhole(bytes: Uint8Array): boolean {
  return Buffer.alloc(LENGTH, bytes[0]).equals(bytes);
}

// As a program: publishes files, several at a time, into the store named on the command line until somebody kills it.
if (import.meta.url.endsWith(process.argv[1] ?? '')) {
  const store = new FolderStore(process.argv[2]!);
  for (let writer = 0; writer < 4; writer++) void publishForever(store);
}

async function publishForever(store: FolderStore): Promise<void> {
  for (let count = 1; ; count++) {
    await store.publish(`parts/${randomUUID()}`, Buffer.alloc(LENGTH, count));
    console.log(`published ${count}`);
  }
}
