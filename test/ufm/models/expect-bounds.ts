import { expect } from 'vitest';
import { exact, type Decimal } from '../certificate/decimals.js';

export function expectBelow(low: number, truth: Decimal): void {
  if (low === -Infinity || Number.isNaN(low)) return;
  expect(exact(low).lte(truth), `${low} below ${truth.toString()}`).toBe(true);
}

export function expectAbove(high: number, truth: Decimal): void {
  if (high === Infinity || Number.isNaN(high)) return;
  expect(exact(high).gte(truth), `${high} above ${truth.toString()}`).toBe(true);
}

/** Counts how often things are seen, so that no test passes for want of cases. */
export function tally() {
  const seen = new Map<string, number>();
  return {
    saw: (word: string) => seen.set(word, (seen.get(word) ?? 0) + 1),
    expectOften: (words: readonly string[], least: number) => {
      for (const word of words) expect(seen.get(word) ?? 0, word).toBeGreaterThan(least);
    },
  };
}
