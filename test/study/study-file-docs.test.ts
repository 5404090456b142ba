import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AXES } from '../../study/axes.js';
import {
  fitLimitSchema,
  gridSchema,
  locateSchema,
  solverSchema,
  studySchema,
} from '../../study/schema.js';
import { AXIS_NAMES } from '../../study/study.js';
import { problemsOf, studyOf } from './studies.js';

const docs = readFileSync(new URL('../../docs/study-file.md', import.meta.url), 'utf8');
const rows = docs.split('\n').filter((line) => line.startsWith('| `'));
const blocks = [...docs.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1]!);

/** Keys of a grid stand for themselves: a study around them that says the rest. */
const around = (grid: string): string => `version: 1
name: docs
defaults: {classes: 10, majorityClasses: 5, majoritySamples: 500, minoritySamples: 100, lambda: 0.005}
grids:
  - name: docs
${grid.replaceAll(/^/gm, '    ')}`;

describe('docs/study-file.md', () => {
  it('shows only YAML that is a study, or a part of a grid', () => {
    expect(blocks.length).toBeGreaterThan(10);
    for (const block of blocks) {
      const text = block.startsWith('version:') ? block : around(block);
      expect(problemsOf(text), block).toEqual([]);
    }
  });

  it.each(AXIS_NAMES.map((name) => [name]))('has a row for %s, with its bounds', (name) => {
    const row = rows.find((line) => line.split('|')[1]!.includes(`\`${name}\``));
    expect(row).toBeDefined();
    const { number } = AXES[name];
    if (number === null) return;
    const least = Number(number.minValue);
    const bounds = number.safeParse(least).success ? `${least} to` : `above ${least}, to`;
    const most = Number(number.maxValue);
    expect(row!.replaceAll('1e12', '1000000000000')).toContain(`${bounds} ${most}`);
  });

  it.each([
    ['the file', studySchema.shape],
    ['a grid', gridSchema.shape],
    ['the solver', solverSchema.shape],
    ['locate', { 'locate.along': null, 'locate.tolerance': locateSchema.shape.tolerance }],
    [
      'fitLimit',
      Object.fromEntries(Object.keys(fitLimitSchema.shape).map((key) => [`fitLimit.${key}`, null])),
    ],
  ])('has a row for every key of %s', (_, shape) => {
    for (const key of Object.keys(shape)) {
      expect(
        rows.some((line) => line.split('|')[1]!.includes(`\`${key}\``)),
        key,
      ).toBe(true);
    }
  });

  it('states the defaults that hold', () => {
    const study = studyOf(around('lambda: [1, 2]\nlocate: {along: lambda}'));
    const { tolerance: locateTolerance } = study.grids[0]!.locate!;
    const stated = {
      ...study.solver,
      shardSize: study.shardSize,
      'locate.tolerance': locateTolerance,
    };
    for (const [key, value] of Object.entries(stated)) {
      const defaults = rows
        .filter((line) => line.startsWith(`| \`${key}\``))
        .map((line) => line.split('|').at(-2));
      const written =
        typeof value === 'number'
          ? value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 20 })
          : value;
      expect(defaults, key).toEqual([` \`${String(written)}\` `]);
    }
  });
});
