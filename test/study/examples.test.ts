import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expandGrid, gridSize } from '../../study/expand.js';
import { studyOf } from './studies.js';

const root = new URL('../..', import.meta.url);
const filesOf = (folder: string) =>
  readdirSync(new URL(folder, root)).filter((name) => name.endsWith('.yaml'));
const read = (name: string) => readFileSync(new URL(name, root), 'utf8');
const sizeOf = (file: string) =>
  studyOf(read(file)).grids.reduce((sum, grid) => sum + gridSize(grid), 0);

describe('the examples', () => {
  it.each(filesOf('examples'))(
    '%s is a study that bears its name, and README.md says how to run it',
    (file) => {
      const study = studyOf(read(`examples/${file}`));
      expect(`${study.name}.yaml`).toBe(file);
      expect(read('examples/README.md')).toContain(`ufm-sweep run examples/${file}`);
      for (const grid of study.grids)
        expect([...expandGrid(study, grid)]).toHaveLength(gridSize(grid));
    },
  );

  it.each([
    ['quick-start.yaml', 12, 12],
    ['minority-collapse.yaml', 100, 300],
    ['three-clusters.yaml', 20, 100],
    ['long-tail.yaml', 20, 100],
  ])('%s stays small', (file, least, most) => {
    const size = sizeOf(`examples/${file}`);
    expect(size).toBeGreaterThanOrEqual(least);
    expect(size).toBeLessThanOrEqual(most);
  });
});

describe.each([
  ['paper', 'docs/reproduction.md'],
  ['remedies', 'docs/remedies.md'],
])('the studies of examples/%s', (folder, document) => {
  const files = filesOf(`examples/${folder}`);

  it.each(files)('%s is a study named after it that expands, of modest size', (file) => {
    const study = studyOf(read(`examples/${folder}/${file}`));
    expect(`${study.name}.yaml`).toBe(`${folder}-${file}`);
    for (const grid of study.grids)
      expect([...expandGrid(study, grid)]).toHaveLength(gridSize(grid));
    expect(sizeOf(`examples/${folder}/${file}`)).toBeLessThan(2000);
  });

  it(`are those that ${document} tells of`, () => {
    const told = [...read(document).matchAll(/examples\/\w+\/([\w-]+\.yaml)/g)];
    expect([...new Set(told.map((match) => match[1]!))].sort()).toEqual(files.sort());
  });
});
