import { execFile } from 'node:child_process';
import { rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
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
    expect((await listStudies(store)).versions).toEqual([]);
    await saveStudy(store, { ...STUDY, name: 'b' }, '1', '');
    await saveStudy(store, { ...STUDY, name: 'a' }, '2', '');
    expect(await listStudies(store)).toEqual({
      versions: [
        { study: 'a', specHash: '2' },
        { study: 'b', specHash: '1' },
      ],
      problems: [],
    });
  });

  it('are listed although one of them is damaged, which is named', async () => {
    const store = newStore();
    for (const name of ['good', 'leads-out', 'linked', 'piped', 'huge']) {
      await saveStudy(store, { ...STUDY, name }, '1', '');
    }
    const latest = (name: string) => join(store.url, 'studies', name, 'latest');
    await writeFile(latest('leads-out'), '../../x');
    for (const name of ['linked', 'piped']) await rm(latest(name));
    await symlink(latest('good'), latest('linked'));
    await promisify(execFile)('mkfifo', [latest('piped')]);
    await truncate(latest('huge'), 2.5e9);
    const { versions, problems } = await listStudies(store);
    expect(versions).toEqual([{ study: 'good', specHash: '1' }]);
    expect(
      problems.map(({ path, reason }) => [path, /names no|link|regular|bytes/.exec(reason)?.[0]]),
    ).toEqual([
      ['studies/huge/latest', 'bytes'],
      ['studies/leads-out/latest', 'names no'],
      ['studies/linked/latest', 'link'],
      ['studies/piped/latest', 'regular'],
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
