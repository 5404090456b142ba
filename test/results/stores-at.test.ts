import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openStore } from '../../results/open-store.js';
import { claimStore } from '../../results/store-identity.js';
import { storesAt } from '../../results/stores-at.js';
import { newMarkedStore, newStore } from '../activities/small-study.js';

it('finds a store by its name, and none where there is none yet', async () => {
  const store = await newMarkedStore();
  expect(await storesAt(store.url)).toEqual([{ id: await claimStore(store), url: store.url }]);
  expect(await storesAt((await newStore()).url)).toEqual([]);
});

it('finds all stores directly below a folder by their marker files, and nothing else that lies there', async () => {
  const { url } = await newStore();
  const ids = [];
  for (const name of ['one', 'two']) ids.push(await claimStore(openStore(path.join(url, name))));
  await claimStore(openStore(path.join(url, 'deeper/three')));
  await mkdir(path.join(url, 'thesis'));
  await writeFile(path.join(url, 'thesis/chapter.tex'), 'x');
  await writeFile(path.join(url, 'notes.txt'), 'x');
  expect(await storesAt(`${url}/*`)).toEqual([
    { id: ids[0], url: path.join(url, 'one') },
    { id: ids[1], url: path.join(url, 'two') },
  ]);
  expect(await storesAt(`${url}/nothing/*`)).toEqual([]);
});
