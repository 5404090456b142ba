import { capacityOf, coreHours, type Capacity } from '../../activities/capacity.js';
import { rowBytes, unmeasured } from '../../activities/measured-rates.js';
import type { Instance } from '../../study/instance.js';

/** Points of the largest shards that are sized by time. */
const SHARD_SIZE = 2048;

const TWO_CLUSTERS: Instance = {
  clusters: [
    [5, 500],
    [5, 100],
  ],
  ...{ lambdaW: 0.005, lambdaH: 0.005, lambdaB: 0.02, featureDimension: 10 },
  ...{ form: 'class-means', solver: 'exact', tolerance: 1e-6, polish: false, seed: null },
};

const EXAMPLES: readonly (readonly [string, Instance])[] = [
  ['exact, two clusters', TWO_CLUSTERS],
  ['tensor, two clusters', { ...TWO_CLUSTERS, solver: 'tensor', polish: true, seed: 1 }],
];

/** What so many points of one kind take, by the module that `ufm-sweep plan --cluster` uses. */
function capacity(instance: Instance, points: number, workers: number): Capacity {
  return capacityOf(
    {
      points: { open: points, cached: 0 },
      shards: Math.ceil(points / SHARD_SIZE),
      solveSeconds: points * unmeasured(instance).seconds,
      rowBytes: points * rowBytes(instance),
    },
    workers,
  );
}

/** The tables of docs/capacity.md, which a test holds to what is there. */
export function exampleTables(): string {
  const sizes = [1e6, 1e8, 1e9];
  return EXAMPLES.map(([title, instance]) => {
    const needs = sizes.map((points) => capacity(instance, points, 64));
    const row = (name: string, of: (need: Capacity, i: number) => string): string =>
      `| ${[name, ...needs.map(of)].join(' | ')} |`;
    return [
      `| ${title} | ${sizes.map((points) => `10^${Math.log10(points)}`).join(' | ')} |`,
      `|---|${'---:|'.repeat(sizes.length)}`,
      row('shards of 2048', (_, i) => figure(Math.ceil(sizes[i]! / SHARD_SIZE))),
      row('pages of the plan', ({ planPages }) => figure(planPages)),
      row('events, least', ({ history }) => figure(history.events.least)),
      row('events, most', ({ history }) => figure(history.events.most)),
      row('histories', ({ history }) => figure(history.runs)),
      row('GB of history', ({ history }) => figure(history.bytes / 1e9)),
      row('objects of the store', ({ store }) => figure(store.objects)),
      row('GB of plans', ({ store }) => figure(store.planBytes / 1e9)),
      row('GB of parts', ({ store }) => figure(store.partBytes / 1e9)),
      row('GB of the catalog', ({ store }) => figure(store.catalogBytes / 1e9)),
      row('GB of memory to plan', ({ planningMemory }) => figure(planningMemory / 1e9)),
      ...(Object.keys(needs[0]!.cpuSeconds) as (keyof Capacity['cpuSeconds'])[]).map((stage) =>
        row(`core-hours ${stage}`, ({ cpuSeconds }) => figure(cpuSeconds[stage] / 3600)),
      ),
      row('core-hours in all', (need) => figure(coreHours(need))),
      row('hours to plan', ({ seconds }) => figure(seconds.planning / 3600)),
      row('hours to solve, 64 workers', ({ seconds }) => figure(seconds.solving / 3600)),
      row('hours to analyze', ({ seconds }) => figure(seconds.analyzing / 3600)),
      row('core-hours a million points', (need, i) => figure((1e6 * coreHours(need)) / sizes[i]!)),
    ].join('\n');
  }).join('\n\n');
}

function figure(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
