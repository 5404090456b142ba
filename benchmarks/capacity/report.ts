import type { LookupRun } from './lookup-runs.js';
import type { PartSize } from './part-sizes.js';
import type { ServerRun } from './server-runs.js';
import type { PlanRun, StageRun } from './stage-runs.js';

/** What a server took, however it stores what it knows. */
export interface Server {
  readonly name: string;
  /** The machine's load average before. */
  readonly load: number;
  /** CPU seconds a second while nothing runs. */
  readonly idleLoad: number;
  readonly runs: readonly ServerRun[];
}

/** Everything that the benchmark measured. */
export interface Measured {
  readonly date: string;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly node: string;
  };
  /** The machine's load average before the first run. */
  readonly load: number;
  /** Points of a shard of the studies. */
  readonly shardSize: number;
  readonly studies: readonly StageRun[];
  readonly plans: readonly PlanRun[];
  readonly parts: readonly PartSize[];
  readonly lookups: readonly LookupRun[];
  readonly servers: readonly Server[];
}

/** The tables of benchmarks/results/capacity.md. */
export function asMarkdown({ date, machine, load, shardSize, ...measured }: Measured): string {
  const { studies, plans, parts, lookups, servers } = measured;
  return `# What a study takes, stage by stage

\`npm run bench:capacity\`, ${date.slice(0, 10)}, ${machine.processor} (${machine.cores} cores), ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB, Node ${machine.node}, load average ${load.toFixed(1)}
before it started. CPU seconds are of all threads, user and system.

## Stages

Exact solver, two clusters, K = 10, ${shardSize} points a shard, a folder, no server. Each stage is a process of its own.

${table(
  ['points', 'plan', 'solve and write', 'plan again', 'analyze', 'in CPU µs a point', '', '', ''],
  studies.map(({ points, plan, solve, planAgain, analyze }) => {
    const stages = [plan, solve, planAgain, analyze];
    return [
      String(points),
      ...stages.map(({ cpuSeconds }) => `${cpuSeconds.toFixed(1)} s`),
      ...stages.map(({ cpuSeconds }) => ((1e6 * cpuSeconds) / points).toFixed(0)),
    ];
  }),
)}

${table(
  ['points', 'peak memory: plan', 'solve', 'plan again', 'analyze', 'bytes of plans', 'bytes of parts'], // prettier-ignore
  studies.map(({ points, plan, solve, planAgain, analyze, plans: planned, parts: landed }) => [
    String(points),
    ...[plan, solve, planAgain, analyze].map(({ peakBytes }) => megabytes(peakBytes)),
    `${planned.objects} files, ${(planned.bytes / points).toFixed(1)} a point`,
    `${landed.objects} files, ${(landed.bytes / points).toFixed(1)} a point`,
  ]),
)}

## Planning alone

${table(
  ['points', 'CPU µs a point', 'peak memory', 'files', 'bytes a point'],
  plans.map(({ points, plan, plans: planned }) => [
    String(points),
    ((1e6 * plan.cpuSeconds) / points).toFixed(1),
    megabytes(plan.peakBytes),
    String(planned.objects),
    (planned.bytes / points).toFixed(1),
  ]),
)}

## Looking keys up in a store

${table(
  ['rows of the store', 'keys at once', 'CPU ms'],
  lookups.map(({ rows, keys, cpuSeconds }) => [
    String(rows),
    String(keys),
    (1000 * cpuSeconds).toFixed(1),
  ]),
)}

## Parts

K = 10 classes with so many different sample counts.

${table(
  ['solver', 'sample counts', ...parts.slice(0, 1).flatMap(({ few, many }) => [`bytes of ${few.rows} rows`, `of ${many.rows} rows`]), 'a further row'], // prettier-ignore
  parts.map(({ solver, clusters, few, many }) => [
    solver,
    String(clusters),
    String(few.bytes),
    String(many.bytes),
    ((many.bytes - few.bytes) / (many.rows - few.rows)).toFixed(0),
  ]),
)}
${servers.map(serverSection).join('')}`;
}

function serverSection({ name, load, idleLoad, runs }: Server): string {
  return `
## Server: ${name}

Shards that are waited for, not solved. Idle it takes ${(1000 * idleLoad).toFixed(1)} ms of CPU a second. Load average ${load.toFixed(1)} before.

${table(
  ['shards', 'window', 's each', 'seconds', 'server: CPU ms a shard', 'workers: CPU ms a shard', 'runs', 'events', 'bytes of history'], // prettier-ignore
  runs.map(({ shards, window, shardSeconds, seconds, cpuSeconds, ...history }) => [
    String(shards),
    String(window),
    String(shardSeconds),
    seconds.toFixed(1),
    ((1000 * cpuSeconds.server) / shards).toFixed(2),
    ((1000 * cpuSeconds.workers) / shards).toFixed(2),
    String(history.runs),
    String(history.events),
    String(history.historyBytes),
  ]),
)}
`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---:')), ...rows.map(line)].join('\n');
}
