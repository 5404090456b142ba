import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { FolderStore } from '../../../results/folder-store.js';
import { describeCatalog } from './catalog-contract.js';

const root = await mkdtemp(path.join(tmpdir(), 'ufm-catalog-'));
afterAll(() => rm(root, { recursive: true }));

let stores = 0;

describeCatalog('a folder', () => {
  const folder = path.join(root, `store-${stores++}`);
  return Promise.resolve(() => new FolderStore(folder));
});
