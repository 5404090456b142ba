import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Cluster } from './cluster.js';
import type { Dice } from './dice.js';
import type { Fault } from './fault.js';

/** Parts that are not any more what was written. */
export const DAMAGED_FILES: readonly Fault[] = [
  damaging('a part is truncated', async (file, bytes, dice) => {
    await truncate(file, dice.below(bytes.length));
  }),
  damaging('a part is emptied', (file) => truncate(file, 0)),
  damaging('a bit of a part flips', async (file, bytes, dice) => {
    const at = dice.below(bytes.length);
    bytes[at]! ^= 1 << dice.below(8);
    await writeFile(file, bytes);
  }),
  damaging('a part is deleted', (file) => rm(file)),
  {
    name: 'a loser puts another part in a part’s place',
    damages: true,
    seconds: 0,
    async strike(cluster, _, dice) {
      const parts = await cluster.store.list('parts');
      if (parts.length < 2) return null;
      const [from, to] = [dice.of(parts), dice.of(parts)].map((part) => inStore(cluster, part));
      await writeFile(to!, await readFile(from!));
      return 0;
    },
  },
];

function damaging(
  name: string,
  damage: (file: string, bytes: Buffer, dice: Dice) => Promise<void>,
): Fault {
  return {
    name,
    damages: true,
    seconds: 0,
    async strike(cluster, _, dice) {
      const parts = await cluster.store.list('parts');
      if (parts.length === 0) return null;
      const file = inStore(cluster, dice.of(parts));
      await damage(file, await readFile(file), dice);
      return 0;
    },
  };
}

function inStore(cluster: Cluster, file: string): string {
  return path.join(cluster.storeFolder, file);
}
