import { describe, expect, it } from 'vitest';
import { latestVersion, listStudies, loadStudy, saveStudy } from '../../results/studies.js';
import { newStores, STUDY } from './stored-study.js';

const newStore = await newStores();

describe('the studies of a store', () => {
  it('are loaded as they were saved', async () => {
    const store = newStore();
    const version = await saveStudy(store, STUDY, 'abc', 'name: collapse\n');
    expect(version).toEqual({ study: 'collapse', specHash: 'abc' });
    expect(await loadStudy(store, version)).toEqual(STUDY);
    expect(String(await store.read('studies/collapse/study.yaml'))).toBe('name: collapse\n');
  });

  it('keep every version; the latest is the one saved last', async () => {
    const store = newStore();
    const first = await saveStudy(store, STUDY, 'abc', 'one');
    const second = await saveStudy(store, { ...STUDY, shardSize: 8 }, 'def', 'two');
    expect(await latestVersion(store, 'collapse')).toEqual(second);
    expect(await loadStudy(store, first)).toEqual(STUDY);
    await saveStudy(store, STUDY, 'abc', 'one');
    expect(await latestVersion(store, 'collapse')).toEqual(first);
  });

  it('are listed by name', async () => {
    const store = newStore();
    expect(await listStudies(store)).toEqual([]);
    await saveStudy(store, { ...STUDY, name: 'b' }, '1', '');
    await saveStudy(store, { ...STUDY, name: 'a' }, '2', '');
    expect(await listStudies(store)).toEqual([
      { study: 'a', specHash: '2' },
      { study: 'b', specHash: '1' },
    ]);
  });

  it('are missed by name', async () => {
    const store = newStore();
    expect(await latestVersion(store, 'none')).toBeNull();
    await expect(loadStudy(store, { study: 'none', specHash: 'abc' })).rejects.toThrow(
      /no version abc of the study none/,
    );
  });
});
