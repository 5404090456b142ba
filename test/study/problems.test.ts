import { describe, expect, it } from 'vitest';
import { formatPath, formatProblem } from '../../study/problems.js';

const place = {
  code: 'invalid-value',
  message: 'must be above 0, not -1',
  line: 3,
  column: 7,
} as const;

describe('a problem on one line', () => {
  it('is file:line:column: path: message', () => {
    const problem = { ...place, path: ['grids', 0, 'lambda', 'from'] };
    expect(formatProblem('my.yaml', problem)).toBe(
      'my.yaml:3:7: grids[0].lambda.from: must be above 0, not -1',
    );
  });

  it('has no path where the whole file is meant', () => {
    expect(formatProblem('my.yaml', { ...place, path: [] })).toBe(
      'my.yaml:3:7: must be above 0, not -1',
    );
  });

  it('stays one line, whatever a key holds', () => {
    expect(formatPath(['grids', 0, 'a key\nof two lines'])).toBe(
      'grids[0]["a key\\nof two lines"]',
    );
    expect(formatPath(['x'.repeat(1000)]).length).toBeLessThan(50);
  });
});
