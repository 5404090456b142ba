import { access } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Pieces } from '../../activities/pieces.js';
import { piecesFolder } from '../../results/paths.js';
import { sweep } from '../../results/sweep.js';
import type { Store } from '../../results/store.js';
import type { Solution } from '../../ufm/solution.js';
import { newMarkedStore, worker } from './small-study.js';

const reference = { store: '', study: 'small', specHash: 'hash' };
const SOLUTION = { status: 'certified' } as Solution;
const provenance = {
  ...{ attempt: 1, worker: worker.identity, codeVersion: '0', numericalVersion: 1 },
  ...{ specHash: 'hash', solvedAt: new Date(0) },
};

const shard = (digit: string): string => digit.repeat(32);
const piecesOf = (store: Store, id: string): Pieces => new Pieces(store, reference, id);
const publish = (pieces: Pieces, first: number): Promise<void> =>
  pieces.publish(first, [{ key: `key-${first}` }], [SOLUTION], provenance);

describe('the pieces of a shard', () => {
  it('are found without a look at those of others', async () => {
    const store = await newMarkedStore();
    for (const digit of ['a', 'b', 'c', 'd']) await publish(piecesOf(store, shard(digit)), 0);
    const mine = piecesOf(store, shard('e'));
    await publish(mine, 0);
    await publish(mine, 7);
    const list = vi.spyOn(store, 'list');
    const solved = await piecesOf(store, shard('e')).read();
    expect([...solved.keys()]).toEqual(['key-0', 'key-7']);
    expect(solved.get('key-7')).toEqual({ solution: SOLUTION, provenance });
    const listed = await Promise.all(list.mock.results.map(({ value }) => value as Promise<string[]>)); // prettier-ignore
    expect(listed.flat()).toHaveLength(2);
  });

  it('leave nothing behind once the part has landed, no folder either', async () => {
    const store = await newMarkedStore();
    const pieces = piecesOf(store, shard('a'));
    await publish(pieces, 0);
    await publish(pieces, 4);
    await pieces.discard();
    const folder = path.join(store.url, piecesFolder(reference), shard('a'));
    await expect(access(folder)).rejects.toThrow('ENOENT');
  });

  it('land whole although their folder comes and goes, as by somebody who has solved the same shard', async () => {
    const store = await newMarkedStore();
    const [one, other] = [piecesOf(store, shard('a')), piecesOf(store, shard('a'))];
    for (let round = 0; round < 100; round++) {
      await Promise.all([publish(one, round), publish(other, round).then(() => other.discard())]);
    }
  });

  it('of earlier versions, which lay side by side, are swept', async () => {
    const store = await newMarkedStore();
    const earlier = `${piecesFolder(reference)}/${shard('a')}-4.parquet`;
    await store.publish(earlier, Buffer.from('a piece'));
    await publish(piecesOf(store, shard('b')), 0);
    const parts = [`parts/${shard('a')}.parquet`, `parts/${shard('b')}.parquet`];
    await sweep(store, reference, parts);
    expect(await store.list(piecesFolder(reference))).toEqual([]);
  });
});
