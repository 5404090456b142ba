import { describe, expect, it } from 'vitest';
import { studyText } from '../../../benchmarks/peers/study.js';
import { gridSize } from '../../../study/expand.js';
import { parseStudy } from '../../../study/parse.js';

describe('the study of the trials', () => {
  it.each([20, 99_999, 250_001, 5_000_003])('has exactly %i points', (points) => {
    const parsed = parseStudy(studyText(points, 1000), 'study.yaml');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const sizes = parsed.study.grids.map(gridSize);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(points);
  });
});
