import { describe, expect, it } from 'vitest';
import { tally } from '../../../benchmarks/peers/kill-test.js';

describe('the tally of a run that was killed and resumed', () => {
  it('finds nothing where every trial ran once and has one result', () => {
    const tallied = tally(3, ['0', '1', '2'], ['2', '0', '1']);
    expect(tallied).toEqual({ recomputed: 0, lost: 0, duplicated: 0 });
  });

  it('counts trials that ran again, have no result, or have several', () => {
    const tallied = tally(4, ['0', '1', '1', '2', '2', '2', '3'], ['0', '0', '1', '3']);
    expect(tallied).toEqual({ recomputed: 2, lost: 1, duplicated: 1 });
  });
});
