import { capacityOf, coreHours, type Capacity } from '../activities/capacity.js';
import { rowBytes, unmeasured } from '../activities/measured-rates.js';
import type { MeasuredSeconds } from '../activities/measured-seconds.js';
import { classCount, type Instance } from '../study/instance.js';
import { duration } from './duration.js';

/** What a study is to be estimated for. */
export interface ClusterSettings {
  /** Shards that are solved at the same time. */
  readonly workers: number;
  /** Of an hour of a core, in whatever currency; null where nobody has said. */
  readonly coreHourPrice: number | null;
}

/** Points that are alike, and how long each was taken to need. */
interface Rate {
  readonly like: string;
  readonly points: number;
  /** Seconds of one solver thread, each. */
  readonly seconds: number;
  readonly source: string;
}

/** The field `cluster` of `plan --cluster --json`. */
export interface ClusterEstimate {
  readonly workers: number;
  readonly busy_workers: number;
  readonly window: number;
  readonly shards: number;
  readonly store: { readonly objects: number; readonly bytes: number };
  readonly history: {
    readonly events: { readonly least: number; readonly most: number };
    readonly runs: number;
    readonly bytes: number;
  };
  /** Hours of a core. */
  readonly core_hours: Capacity['cpuSeconds'] & { readonly total: number };
  readonly planning_memory_bytes: number;
  /** On the clock. */
  readonly seconds: Capacity['seconds'] & { readonly total: number };
  /** Null where no price was given, or nothing is to be solved. */
  readonly cost: { readonly total: number; readonly per_million_points: number } | null;
  readonly rates: readonly Rate[];
  /** What of the study is not in these numbers. */
  readonly not_counted: readonly string[];
}

/** Adds up what the open points of a study need, as they come. */
export class ClusterDemand {
  readonly #measured: MeasuredSeconds;
  readonly #rates = new Map<string, { points: number; seconds: number; source: string }>();
  #rowBytes = 0;

  constructor(measured: MeasuredSeconds) {
    this.#measured = measured;
  }

  add(instance: Instance): void {
    this.#rowBytes += rowBytes(instance);
    const { solver, form, clusters } = instance;
    const like = `${solver}, ${form}, ${classCount(clusters)} classes in ${clusters.length} clusters`;
    let rate = this.#rates.get(like);
    if (rate === undefined) {
      rate = { points: 0, ...this.#secondsOf(instance) };
      this.#rates.set(like, rate);
    }
    rate.points += 1;
  }

  estimate(
    points: { readonly open: number; readonly cached: number },
    shards: number,
    locates: boolean,
    { workers, coreHourPrice }: ClusterSettings,
  ): ClusterEstimate {
    const rates = [...this.#rates].map(([like, rate]) => ({ like, ...rate }));
    const solveSeconds = rates.reduce((sum, rate) => sum + rate.points * rate.seconds, 0);
    const capacity = capacityOf(
      { points, shards, solveSeconds, rowBytes: this.#rowBytes },
      workers,
    );
    const { store, history, cpuSeconds, seconds } = capacity;
    const hours = coreHours(capacity);
    return {
      workers,
      busy_workers: capacity.busyWorkers,
      window: capacity.window,
      shards,
      store: {
        objects: store.objects,
        bytes: Math.round(store.planBytes + store.partBytes + store.catalogBytes),
      },
      history: { ...history, bytes: Math.round(history.bytes) },
      core_hours: {
        ...(Object.fromEntries(
          Object.entries(cpuSeconds).map(([stage, spent]) => [stage, spent / 3600]),
        ) as Capacity['cpuSeconds']),
        total: hours,
      },
      planning_memory_bytes: Math.round(capacity.planningMemory),
      seconds: { ...seconds, total: seconds.planning + seconds.solving + seconds.analyzing },
      cost: costOf(hours, points.open, coreHourPrice),
      rates,
      not_counted: [PIECES, ...(locates ? [ROUNDS] : [])],
    };
  }

  #secondsOf(instance: Instance): { seconds: number; source: string } {
    const seconds = this.#measured.of(instance);
    if (seconds !== null) return { seconds, source: 'rows of the store' };
    const { seconds: benchmark, like } = unmeasured(instance);
    return { seconds: benchmark, source: `${like}; the store has no row like it` };
  }
}

const PIECES = 'what is published of shards on the way that take longer than three seconds';

const ROUNDS = 'the rounds that bracket transitions, which depend on what is found';

function costOf(hours: number, points: number, price: number | null): ClusterEstimate['cost'] {
  if (price === null || points === 0) return null;
  return { total: price * hours, per_million_points: (1e6 * price * hours) / points };
}

/** The estimate for people. */
export function clusterText(estimate: ClusterEstimate): string[] {
  const { workers, busy_workers, window, shards, store, history, seconds, cost } = estimate;
  const { total, ...stages } = estimate.core_hours;
  const { least, most } = history.events;
  return [
    '',
    `On a cluster that solves ${workers === 1 ? 'one shard' : `${counted(workers)} shards`} at a time (run --threads 0 --window ${window})`,
    ...(shards > 0 && busy_workers < workers
      ? [`  busy      ${counted(busy_workers)} of them: ${shards < workers ? 'there are no more shards' : 'a study has no more shards in flight'}`] // prettier-ignore
      : []),
    `  store     ${counted(store.objects)} objects, ${bytes(store.bytes)}`,
    `  history   ${counted(least)} to ${counted(most)} events in ${history.runs === 1 ? 'one history' : `up to ${history.runs} histories`}, up to ${bytes(history.bytes)}`,
    `  memory    ${bytes(estimate.planning_memory_bytes)} of the orchestrator that plans`,
    `  cores     ${figure(total)} hours of a core: ${Object.entries(stages)
      .map(([stage, spent]) => `${stage} ${figure(spent)}`)
      .join(', ')}`,
    `  clock     ${duration(seconds.total)}: planning ${duration(seconds.planning)}, solving ${duration(seconds.solving)}, analyzing ${duration(seconds.analyzing)}`,
    ...(cost === null
      ? []
      : [`  cost      ${figure(cost.total)}, ${figure(cost.per_million_points)} a million new points, at the price given`]), // prettier-ignore
    ...estimate.rates.map(
      ({ like, points, seconds: each, source }) =>
        `  rate      ${counted(points)} points (${like}): ${figure(1e6 * each)} µs each, by ${source}`,
    ),
    '  Everything else goes by benchmarks/results/capacity.json: docs/capacity.md says how, and on which machine.',
    ...estimate.not_counted.map((what) => `  Not counted: ${what}.`),
  ];
}

/** Three digits. */
function figure(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}

function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return `${figure(count / 1000 ** power)} ${units[power]!}`;
}
