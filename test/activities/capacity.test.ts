import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { capacityOf, coreHours } from '../../activities/capacity.js';
import { RATES, ROW_BYTES, rowBytes, SOLVED_PER_SECOND } from '../../activities/measured-rates.js';
import { exampleTables } from '../../benchmarks/capacity/example.js';
import { solvedPart } from '../../benchmarks/capacity/part-sizes.js';
import type { Measured } from '../../benchmarks/capacity/report.js';
import { ENTRY_COLUMNS, entryOf } from '../../results/catalog/rows.js';
import { encodeBatches, unpackBatches } from '../../results/parquet.js';
import { partPath } from '../../results/paths.js';
import { MAXIMUM_WINDOW } from '../../study/conductor-state.js';
import { projectFile } from '../cli/command.js';

const measuredIn = (name: string): unknown =>
  JSON.parse(readFileSync(projectFile(`benchmarks/results/${name}`), 'utf8'));

/** What a further one costs: between two measurements, what does not depend on the count cancels. */
function slope<T>(runs: readonly T[], count: (run: T) => number, cost: (run: T) => number): number {
  const [first, last] = [runs[0]!, runs.at(-1)!];
  return (cost(last) - cost(first)) / (count(last) - count(first));
}

/** Rounded as the rates are: to two digits and a half. */
const about = (value: number, rate: number): void => {
  expect(Math.abs(rate - value) / value).toBeLessThan(0.03);
};

describe('the rates of an estimate', () => {
  const { studies, plans, parts, servers } = measuredIn('capacity.json') as Measured;
  const points = (run: { points: number }) => run.points;

  it('are what benchmarks/results/capacity.json has measured', () => {
    about(slope(plans, points, ({ plan }) => plan.cpuSeconds), RATES.planning); // prettier-ignore
    about(slope(plans, points, ({ plan }) => plan.peakBytes), RATES.planMemory.point); // prettier-ignore
    about(plans.at(-1)!.plan.peakBytes, RATES.planMemory.process + RATES.planMemory.point * plans.at(-1)!.points); // prettier-ignore
    about(plans.at(-1)!.plans.bytes / plans.at(-1)!.points, RATES.planBytes);
    about(
      slope(studies, points, ({ solve }) => solve.cpuSeconds),
      RATES.writing + 1 / SOLVED_PER_SECOND.paper['exact-row'],
    );
    about(slope(studies, points, ({ analyze }) => analyze.cpuSeconds), RATES.analyzing); // prettier-ignore
    const embedded = servers.find(({ name }) => name.startsWith('embedded'))!;
    const paced = embedded.runs.filter(({ shardSeconds }) => shardSeconds === 2);
    about(slope(paced, ({ shards }) => shards, ({ cpuSeconds }) => cpuSeconds.server), RATES.server); // prettier-ignore
    about(slope(paced, ({ shards }) => shards, ({ cpuSeconds }) => cpuSeconds.workers), RATES.orchestrating); // prettier-ignore
    const long = embedded.runs.reduce((a, b) => (b.events > a.events ? b : a));
    about(long.historyBytes / long.events, RATES.eventBytes);
    for (const { solver, clusters, few, many } of parts) {
      const row = (many.bytes - few.bytes) / (many.rows - few.rows);
      about(row, rowBytes({ solver, clusters: Array.from({ length: clusters }, () => [1, 1] as const) })); // prettier-ignore
      expect(ROW_BYTES[solver].some(([count]) => count === clusters)).toBe(true);
      if (clusters === 2) about(few.bytes - few.rows * row, RATES.partBytes);
    }
  });

  it('are what the entry of a part in the catalog takes', async () => {
    const entryOfRows = async (rows: number): Promise<number> => {
      const { bytes, facts } = await solvedPart(rows, 2, 'exact');
      const path = partPath('0'.repeat(32));
      const part = { path, bytes: bytes.length, version: `${bytes.length}-1764531780000123` };
      const entry = unpackBatches(facts).map((batch) => entryOf(part, batch));
      return encodeBatches(ENTRY_COLUMNS, entry).length;
    };
    const [few, many] = [await entryOfRows(16), await entryOfRows(1024)];
    const row = (many - few) / 1008;
    about(row, RATES.entryBytes.row);
    about(few - 16 * row, RATES.entryBytes.file);
  });

  it('are what benchmarks/results/solvers.json has measured', () => {
    interface Measurement {
      readonly workload: string;
      readonly contender: string;
      readonly rates: readonly [number];
    }
    const { measurements } = measuredIn('solvers.json') as {
      measurements: Measurement[];
    };
    for (const [workload, contenders] of Object.entries(SOLVED_PER_SECOND)) {
      for (const [contender, rate] of Object.entries(contenders)) {
        const found = measurements.find(
          (other) => other.workload === workload && other.contender === contender,
        );
        about(found!.rates[0], rate);
      }
    }
  });
});

describe('the capacity that a study needs', () => {
  const demand = {
    points: { open: 1_000_000, cached: 0 },
    shards: 1000,
    solveSeconds: 35,
    rowBytes: 237e6,
  };

  it('solves in half the time with twice the workers, for the same core-hours', () => {
    const [four, eight] = [capacityOf(demand, 4), capacityOf(demand, 8)];
    expect(four.seconds.solving / eight.seconds.solving).toBeCloseTo(2);
    expect(coreHours(four)).toBe(coreHours(eight));
    expect(four.seconds.planning).toBe(eight.seconds.planning);
  });

  it('keeps no more workers busy than there are shards, or may be in flight', () => {
    expect(capacityOf({ ...demand, shards: 10 }, 64).busyWorkers).toBe(10);
    const many = capacityOf({ ...demand, shards: 1e6 }, 5000);
    expect(many.busyWorkers).toBe(MAXIMUM_WINDOW);
    expect(many.window).toBe(MAXIMUM_WINDOW);
  });

  it('plans in bounded memory, and twice as long where the keys of all points do not fit into it', () => {
    const ofPoints = (open: number) => capacityOf({ ...demand, points: { open, cached: 0 } }, 4);
    const [few, many, more] = [ofPoints(4e6), ofPoints(5e6), ofPoints(1e9)];
    expect(more.planningMemory).toBe(many.planningMemory);
    expect(many.planningMemory).toBeGreaterThan(ofPoints(1e6).planningMemory);
    expect(many.seconds.planning / few.seconds.planning).toBeGreaterThan(2);
  });

  it('counts an entry in the catalog for each part', () => {
    const { store, planPages } = capacityOf(demand, 4);
    expect(store.objects).toBeGreaterThan(2 * demand.shards + planPages);
    expect(store.catalogBytes).toBeGreaterThan(70 * demand.points.open);
  });

  it('is next to nothing where all has landed, and no division by zero', () => {
    const nothing = { ...demand, points: { open: 0, cached: 1_000_000 }, shards: 0, solveSeconds: 0, rowBytes: 0 }; // prettier-ignore
    const { seconds, cpuSeconds, store, history } = capacityOf(nothing, 4);
    expect(seconds.solving).toBe(0);
    expect({ ...cpuSeconds, planning: 0, analyzing: 0 }).toEqual({
      ...{ planning: 0, solving: 0, writing: 0, analyzing: 0, orchestrating: 0, server: 0 },
    });
    expect(store.partBytes).toBe(0);
    expect(history).toMatchObject({ events: { least: 24, most: 29 }, runs: 1 });
  });

  it('has no more events than the engine alone has measured, and no fewer', () => {
    const { servers } = measuredIn('capacity.json') as Measured;
    for (const { runs } of servers) {
      for (const { shards, events, runs: histories } of runs) {
        const { history } = capacityOf({ ...demand, shards }, 64);
        expect(events).toBeGreaterThanOrEqual(history.events.least);
        expect(events).toBeLessThanOrEqual(history.events.most);
        expect(histories).toBeLessThanOrEqual(history.runs);
      }
    }
  });

  it('is what docs/capacity.md says of a hundred million points', () => {
    expect(readFileSync(projectFile('docs/capacity.md'), 'utf8')).toContain(exampleTables());
  });
});
