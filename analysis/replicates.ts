import { grouped } from './grouped.js';

/** A value at a place of an axis. Seeds give several at one place. */
interface PlacedValue {
  readonly x: number;
  readonly value: number;
}

/** One value for each place: the mean of those there. */
export function meansOverReplicates(points: readonly PlacedValue[]): PlacedValue[] {
  return [...grouped(points, ({ x }) => x)].map(([x, members]) => ({
    x,
    value: members.reduce((sum, { value }) => sum + value, 0) / members.length,
  }));
}
