import { setTimeout as delay } from 'node:timers/promises';
import { FolderStore } from '../../results/folder-store.js';
import { claimStore } from '../../results/store-identity.js';

// As a program: claims the folder named on the command line at a time, and prints its identity.
const [folder, start, ending] = process.argv.slice(2);
const store = new FolderStore(folder!);
if (ending === 'killed') {
  // Its unfinished file is whole and on the disk, and has no other name yet.
  const { promises } = await import('node:fs');
  const { syncBuiltinESMExports } = await import('node:module');
  promises.link = () => {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  };
  syncBuiltinESMExports();
}
await delay(Number(start) - Date.now());
console.log(await claimStore(store));
