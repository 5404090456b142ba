import type { MetricMeter } from '@temporalio/common';
import { faultClassOf } from '../activities/fault-class.js';
import type { MetricsExporterConfig } from '@temporalio/worker';
import type { Measures } from '../activities/solve-part.js';
import type { Solver } from '../activities/solver.js';
import type { Outages } from './stores/outages.js';
import type { OwnStore } from './stores/own-store.js';

const RELATIVE_GAP = 'ufm_relative_gap_ratio';
const POINT_DURATION = 'ufm_point_duration';

/** A gap closed to rounding, the tolerances that people ask for, and no proof at all. */
const GAP_BUCKETS = [1e-14, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];
/** From an exact solution of two clusters to a descent over ten thousand samples. */
const SECONDS_BUCKETS = [
  1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000,
];

/**
 * Serves Prometheus at `/metrics`: what the SDK measures (`temporal_...`) and what is measured here (`ufm_...`), named
 * as Prometheus would have it, `_total` and units included.
 *
 * @param bindAddress `IP:port`
 */
export function prometheusExporter(bindAddress: string): MetricsExporterConfig {
  return {
    attachServiceName: false,
    prometheus: {
      bindAddress,
      countersTotalSuffix: true,
      unitSuffix: true,
      useSecondsForDurations: true,
      histogramBucketOverrides: {
        [RELATIVE_GAP]: GAP_BUCKETS,
        [POINT_DURATION]: SECONDS_BUCKETS,
      },
    },
  };
}

/**
 * Keeps a gauge of whether a worker is out.
 *
 * @param meter whose tags the gauge gets
 * @param store see `Outages.isOut`
 * @returns ends it
 */
export function measureOutages(
  meter: MetricMeter,
  outages: Outages,
  store: OwnStore | null,
): () => void {
  const gauge = meter.createGauge(
    'ufm_worker_out',
    'int',
    undefined,
    '1 while a worker asks for no work because its store cannot be used, else 0',
  );
  const show = (): void => {
    gauge.set(outages.isOut(store) ? 1 : 0);
  };
  show();
  return outages.onChanged(show);
}

/**
 * Solves a shard with a solver that counts what it solves. Counted is work, not rows: a point that is solved again,
 * because its worker went before its part landed, is counted again.
 *
 * @param meter whose tags all of the metrics get
 */
export async function measured<Outcome>(
  meter: MetricMeter,
  solver: Solver,
  signal: AbortSignal,
  solveShard: (solver: Solver) => Promise<Outcome>,
): Promise<Outcome> {
  const shards = meter.createCounter(
    'ufm_shards',
    undefined,
    'Shards by outcome: done, failed (and tried again elsewhere), handed_back (for the infrastructure), cancelled',
  );
  meter
    .createGauge('ufm_solver_threads', 'int', undefined, 'Points or batches solved at a time')
    .set(solver.lanes);
  try {
    const outcome = await solveShard(counting(meter, solver));
    shards.add(1, { outcome: 'done' });
    return outcome;
  } catch (error) {
    const handedBack = faultClassOf(error) === 'infrastructure';
    shards.add(1, {
      outcome: signal.aborted ? 'cancelled' : handedBack ? 'handed_back' : 'failed',
    });
    throw error;
  }
}

function counting(meter: MetricMeter, solver: Solver): Solver {
  const points = meter.createCounter('ufm_points', undefined, 'Points solved, by status');
  const gaps = meter.createHistogram(
    RELATIVE_GAP,
    'float',
    undefined,
    'Relative duality gap of the points that have one',
  );
  const durations = meter.createHistogram(
    POINT_DURATION,
    'float',
    'seconds',
    'Time of a thread or device that each point took',
  );
  const count = ({ status, relativeGap, seconds, backend, device }: Measures): void => {
    points.add(1, { status });
    if (relativeGap !== null) gaps.record(relativeGap);
    durations.record(seconds, { backend, device });
  };
  return {
    lanes: solver.lanes,
    async solve(...task) {
      const solutions = await solver.solve(...task);
      solutions.forEach(count);
      return solutions;
    },
    async solvePart(...task) {
      const part = await solver.solvePart(...task);
      part.measures.forEach(count);
      return part;
    },
  };
}
