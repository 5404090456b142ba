import { describe, expect, it } from 'vitest';
import { onlyFinite } from '../../ufm/only-finite.js';
import type { Solution, Status } from '../../ufm/solution.js';
import { solveBatch } from '../../ufm/solve.js';
import { sampleRow } from '../results/sample-rows.js';
import { withEveryNumber } from './every-number.js';
import { instanceOf } from './reference-instances.js';

const { solution } = sampleRow(0, {
  solution: {
    relativeGapBeforePolish: 1e-5,
    withinClassVariability: 1e-7,
    withinClassVariabilityPinv: 1e-8,
  },
});

describe('a solution with a number that is not finite', () => {
  it.each([NaN, Infinity, -Infinity])('has nothing in its place and says so: %d', (odd) => {
    const tried = withEveryNumber(solution, odd).map(([name, spoilt]) => {
      const { message, status, ...rest } = onlyFinite(spoilt);
      expect(message, name).toContain(`${name} (${odd})`);
      expect(JSON.stringify(rest), name).toBe(
        JSON.stringify({ ...rest, [name]: isCounted(name) ? 0 : null }),
      );
      expect(status, name).toBe(STATUS_WITHOUT[name] ?? 'certified');
      return name;
    });
    expect(tried.length).toBeGreaterThan(22);
  });

  it('keeps what it said before', () => {
    const { message } = onlyFinite({ ...solution, gap: NaN, message: 'It went far.' });
    expect(message).toBe('It went far. Not finite, and left out: gap (NaN).');
  });

  it('stays as it is, the same object, where all numbers are finite', () => {
    expect(onlyFinite(solution)).toBe(solution);
  });

  it('does not come out of the tensor solver where no bound is found before a polish', async () => {
    const spoilt = instanceOf([[5, 1e9], [5, 1]], 6e-10, 0, SEEDED); // prettier-ignore
    const healthy = instanceOf([[5, 100], [5, 10]], 6e-3, 0, SEEDED); // prettier-ignore
    const solutions = await solveBatch([healthy, spoilt, healthy], { device: 'loops' });
    expect(solutions[0]!.status).toBe('certified');
    expect({ ...solutions[2]!, seconds: 0 }).toEqual({ ...solutions[0]!, seconds: 0 });
    expect(JSON.parse(JSON.stringify(solutions[1]))).toEqual(solutions[1]);
    expect(solutions[1]).toMatchObject({ status: 'certified', relativeGapBeforePolish: 1 });
  });

  it('is uncertified, with the reason, where no bound is found at all', async () => {
    const instance = instanceOf([[5, 1e9], [5, 1]], 6e-10, 0, { ...SEEDED, polish: false }); // prettier-ignore
    const [found] = await solveBatch([instance], { device: 'loops' });
    expect(found).toMatchObject({ status: 'uncertified', lowerBound: 0, relativeGap: 1 });
    expect(found!.objective).toBeGreaterThan(0);
    expect(found!.message).toMatch(/No lower bound but 0 is proved.*Use solver: exact/u);
  });
});

const STATUS_WITHOUT: Partial<Record<keyof Solution, Status>> = {
  objective: 'diverged',
  relativeGap: 'uncertified',
};

const SEEDED = { solver: 'tensor', seed: 1, tolerance: 1e-6 } as const;

function isCounted(name: keyof Solution): boolean {
  return ['iterations', 'polishIterations', 'seconds'].includes(name);
}
