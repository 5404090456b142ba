import { execFile } from 'node:child_process';
import { rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { markStore } from '../../results/store-identity.js';
import { latestVersion, listStudies, loadStudy, saveStudy } from '../../results/studies.js';
import { specHash } from '../../study/key.js';
import type { Study } from '../../study/study.js';
import { studyOf, studyText } from '../study/studies.js';
import { newStores, SPEC_HASH, STUDY } from './stored-study.js';

const newStore = await newStores();

describe('the studies of a store', () => {
  it('are loaded as they were saved', async () => {
    const store = newStore();
    const version = await saveStudy(store, STUDY, SPEC_HASH, 'name: collapse\n');
    expect(version).toEqual({ study: 'collapse', specHash: SPEC_HASH });
    expect(await loadStudy(store, version)).toEqual(STUDY);
    expect(String(await store.read('studies/collapse/study.yaml'))).toBe('name: collapse\n');
  });

  it('keep every version; the latest is the one saved last', async () => {
    const store = newStore();
    const other: Study = { ...STUDY, shardSize: 8 };
    const first = await saveStudy(store, STUDY, SPEC_HASH, 'one');
    const second = await saveStudy(store, other, specHash(other), 'two');
    expect(await latestVersion(store, 'collapse')).toEqual(second);
    expect(await loadStudy(store, first)).toEqual(STUDY);
    await saveStudy(store, STUDY, SPEC_HASH, 'one');
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

describe('a study.json', () => {
  const study = studyOf(
    studyText(
      'classes: 10',
      'majorityClasses: 5',
      'majoritySamples: [100, 200, 300, 400]',
      'minoritySamples: 10',
      'lambda: {from: 0.1, to: 0.2, points: 3}',
      'exclude: [{lambda: 0.1, majoritySamples: 100}]',
      'locate: {along: lambda}',
      'fitLimit: {along: majoritySamples}',
    ),
  );
  const version = { study: study.name, specHash: specHash(study) };
  const path = `studies/s/${version.specHash}/study.json`;
  const text = JSON.stringify(study, null, 2);
  /** The study with something else at a path; undefined removes it. */
  const changed = (keys: readonly (string | number)[], value: unknown): string => {
    const copy = JSON.parse(text) as Record<string, unknown>;
    const parent = keys
      .slice(0, -1)
      .reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
    parent[keys.at(-1)!] = value;
    return JSON.stringify(copy);
  };

  it.each([
    ['with one digit changed', text.replace('0.15', '0.16'), 'what it says is version'],
    ['cut short', text.slice(0, -40), 'it is no JSON'],
    ['that is a list', '[]', 'must be a mapping'],
    ['of another study', changed(['name'], 'other'), 'it is of the study other'],
    [
      'with a name that is SQL',
      changed(['grids', 0, 'name'], "x'; DROP TABLE results --"),
      'grids[0].name: must be 1 to 64 letters',
    ],
    [
      'with an axis that is SQL',
      changed(['grids', 0, 'axes', 0, 'names'], ['"; SELECT 1']),
      'grids[0].axes[0].names[0]',
    ],
    [
      'with steps of another axis',
      changed(['grids', 0, 'axes', 0, 'steps', 0], { lambda: 0.1 }),
      'has steps of other names',
    ],
    [
      'with a step of no number',
      changed(['grids', 0, 'axes', 1, 'steps', 0], { lambda: 'x' }),
      'must be values of axes',
    ],
    ['with a name twice', changed(['grids', 0, 'fixed'], { lambda: 0.1 }), 'says a name twice'],
    ['with a solver that is none', changed(['solver', 'kind'], 'toString'), 'solver.kind'],
    [
      'with a tolerance that is none',
      changed(['solver', 'tolerance'], 5),
      'solver.tolerance: must be at most 0.1',
    ],
    ['without a solver', changed(['solver'], undefined), 'solver: is missing'],
    ['with a key more', changed(['more'], 1), 'more: unknown key'],
    [
      'with nothing to locate along',
      changed(['grids', 0, 'locate', 'along'], 'seed'),
      'grids[0].locate.along',
    ],
    [
      'with more points than a grid has',
      changed(
        ['grids', 0, 'axes'],
        ['lambda', 'lambdaW', 'sampleScale'].map((name) => ({
          names: [name],
          steps: Array.from({ length: 300 }, (_, i) => ({ [name]: i + 1 })),
        })),
      ),
      'has too many points',
    ],
    ['with two grids of one name', changed(['grids', 1], study.grids[0]), 'two grids of one name'],
  ])('%s is named, and mended by the next run of the study file', async (_, damaged, reason) => {
    const store = newStore();
    await markStore(store);
    await store.publish(path, Buffer.from(damaged));
    await expect(loadStudy(store, version)).rejects.toThrow(reason);
    await expect(loadStudy(store, version)).rejects.toThrow(`${path} in the store`);
    await expect(loadStudy(store, version)).rejects.toThrow('run the study file again');
    await saveStudy(store, study, version.specHash, '');
    expect(await loadStudy(store, version)).toEqual(study);
    expect(String(await store.read(path))).toBe(text);
    expect(await store.list('quarantine')).toHaveLength(1);
  });

  it.each([
    ['study.json is gone', path, null],
    ['study.json is empty', path, ''],
    ['latest is gone', 'studies/s/latest', null],
    ['latest is cut short', 'studies/s/latest', version.specHash.slice(0, 7)],
    ['latest is empty', 'studies/s/latest', ''],
  ])('whose %s is mended by the next run of the study file', async (_, file, left) => {
    const store = newStore();
    await saveStudy(store, study, version.specHash, '');
    const local = await store.localPath(file);
    await rm(local);
    if (left !== null) await writeFile(local, left);
    await saveStudy(store, study, version.specHash, '');
    expect(await latestVersion(store, 's')).toEqual(version);
    expect(await loadStudy(store, version)).toEqual(study);
  });

  it('that is as it was written stays, however its JSON is laid out', async () => {
    const store = newStore();
    await markStore(store);
    await store.publish(path, Buffer.from(JSON.stringify(study)));
    await saveStudy(store, study, version.specHash, '');
    expect(String(await store.read(path))).toBe(JSON.stringify(study));
    expect(await store.list('quarantine')).toEqual([]);
  });
});
