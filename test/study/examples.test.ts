import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expandGrid, gridSize } from '../../study/expand.js';
import { studyOf } from './studies.js';

const folder = new URL('../../examples/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

describe('the examples', () => {
  it.each(files)('%s is a study that bears its name, and README.md says how to run it', (file) => {
    const study = studyOf(read(file));
    expect(`${study.name}.yaml`).toBe(file);
    expect(read('README.md')).toContain(`ufm-sweep run examples/${file}`);
    for (const grid of study.grids)
      expect([...expandGrid(study, grid)]).toHaveLength(gridSize(grid));
  });

  it.each([
    ['quick-start.yaml', 12, 12],
    ['minority-collapse.yaml', 100, 300],
    ['three-clusters.yaml', 20, 100],
    ['long-tail.yaml', 20, 100],
  ])('%s stays small', (file, least, most) => {
    const size = studyOf(read(file)).grids.reduce((sum, grid) => sum + gridSize(grid), 0);
    expect(size).toBeGreaterThanOrEqual(least);
    expect(size).toBeLessThanOrEqual(most);
  });
});
