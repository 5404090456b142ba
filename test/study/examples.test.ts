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

describe('the studies of the paper', () => {
  const files = filesOf('examples/paper');

  it.each(files)('%s is a study named after it that expands, of modest size', (file) => {
    const study = studyOf(read(`examples/paper/${file}`));
    expect(`${study.name}.yaml`).toBe(`paper-${file}`);
    for (const grid of study.grids)
      expect([...expandGrid(study, grid)]).toHaveLength(gridSize(grid));
    expect(sizeOf(`examples/paper/${file}`)).toBeLessThan(2000);
  });

  it('are those that docs/reproduction.md tells of', () => {
    const page = read('docs/reproduction.md');
    const told = [...page.matchAll(/examples\/paper\/([\w-]+\.yaml)/g)].map((match) => match[1]!);
    expect([...new Set(told)].sort()).toEqual(files.sort());
  });
});
