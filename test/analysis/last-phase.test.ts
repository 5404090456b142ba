import { describe, expect, it } from 'vitest';
import { lastPhase, type PhasedPoint } from '../../analysis/last-phase.js';
import type { Cluster } from '../../study/instance.js';

type Sides = readonly [majority: boolean | null, minority: boolean | null, mean: boolean | null];

const OPEN: Sides = [false, false, false];
const MINORITY: Sides = [false, true, false];
const ALL: Sides = [true, true, true];
const UNDECIDED: Sides = [false, null, false];

const TWO: Cluster[] = [
  [5, 500],
  [5, 100],
];

function pointAt(x: number, [majority, minority, mean]: Sides): PhasedPoint {
  return {
    coordinates: { majoritySamples: x },
    x,
    clusters: TWO,
    certified: true,
    rank: 9,
    collapsed: [majority, minority],
    meanCollapsed: mean,
  };
}

const along = (...phases: Sides[]): PhasedPoint[] => phases.map((sides, x) => pointAt(x, sides));
const places = (points: readonly PhasedPoint[] | undefined): number[] | undefined =>
  points?.map(({ x }) => x);

describe('lastPhase', () => {
  it('is the whole slice where certificates see no transition', () => {
    const found = lastPhase(along(OPEN, OPEN, OPEN))!;
    expect(places(found.points)).toEqual([0, 1, 2]);
    expect(found).toMatchObject({ transitions: [], empty: false, from: null, undecided: 0 });
  });

  it('begins beyond the last transition, and names those that are behind', () => {
    const found = lastPhase(along(OPEN, MINORITY, MINORITY))!;
    expect(places(found.points)).toEqual([1, 2]);
    expect(found).toMatchObject({ transitions: ['minority-collapse'], empty: false, from: 1 });
  });

  it('is empty where everything has collapsed', () => {
    expect(lastPhase(along(OPEN, ALL))).toMatchObject({ empty: true, from: 1 });
  });

  it('leaves out and counts values that are undecided, uncertified or missing', () => {
    const missing = { certified: false, clusters: [], collapsed: null, meanCollapsed: null };
    const points = [
      ...along(OPEN, UNDECIDED, OPEN),
      { ...pointAt(3, OPEN), certified: false },
      { ...pointAt(4, OPEN), ...missing, rank: null },
    ];
    const found = lastPhase(points)!;
    expect(places(found.points)).toEqual([0, 2]);
    expect(found.undecided).toBe(3);
  });

  it('takes a value with an undecided replicate, but none with replicates that differ', () => {
    const points = [
      pointAt(0, OPEN),
      pointAt(1, OPEN),
      pointAt(1, UNDECIDED),
      pointAt(2, OPEN),
      pointAt(2, MINORITY),
      pointAt(2, OPEN),
    ];
    const found = lastPhase(points)!;
    expect(found.from).toBeNull();
    expect(found.undecided).toBe(1);
  });

  it('does not ask what no row can answer, such as the collapse of a single class', () => {
    const single = along(OPEN, OPEN).map((point) => ({ ...point, collapsed: [false, null] }));
    expect(lastPhase(single)).toMatchObject({ undecided: 0, empty: false });
  });

  it('sees by its rank where a singular value of three clusters dies', () => {
    const three = [9, 9, 8, 8].map((rank, x) => ({
      ...pointAt(x, OPEN),
      clusters: [...TWO, [1, 50]] as Cluster[],
      collapsed: [false, false, null],
      rank,
    }));
    expect(lastPhase(three)!.from).toBe(2);
  });

  it('is unknown without certificates', () => {
    expect(lastPhase([{ ...pointAt(0, OPEN), certified: false }])).toBeNull();
    expect(lastPhase([])).toBeNull();
  });
});
