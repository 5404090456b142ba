import type { NoOpRun } from './no-op-run.js';
import type { RealRun } from './real-run.js';

/** Everything that one call of the benchmark measured. */
export interface Measured {
  readonly date: string;
  readonly cores: number;
  /** The machine's load average before the first run: above a few tenths the figures are not its own. */
  readonly load: number;
  readonly runs: readonly RealRun[];
  readonly noOp: NoOpRun;
}

/** The tables of benchmarks/results/scale.md. */
export function asMarkdown({ date, cores, load, runs, noOp }: Measured): string {
  const largest = runs.at(-1)!;
  const total = largest.cpuSeconds.program + largest.cpuSeconds.server;
  return `# A study from a thousand points to a million

\`npm run bench:scale\`, ${date.slice(0, 10)}, ${cores} cores, load average ${load.toFixed(1)} before it started. Exact solver, two clusters, K = 10,
${largest.shardSize} points a shard, embedded Temporal server on SQLite. Every run ends with every point certified.

${table(
  [
    'points',
    'seconds',
    'plan',
    'solve',
    'analyze',
    'CPU µs a point',
    'of it solving',
    'history events',
  ],
  runs.map((run) => [
    String(run.points),
    run.seconds.toFixed(1),
    run.stages.planning.toFixed(1),
    run.stages.solving.toFixed(1),
    run.stages.analyzing.toFixed(1),
    perPoint(run.cpuSeconds.program + run.cpuSeconds.server, run.points),
    perPoint(run.solveSeconds, run.points),
    String(run.events),
  ]),
)}

${table(
  [
    'points',
    'peak memory, program',
    'peak memory, server',
    'status, slowest answer',
    'status, 99 %',
  ],
  runs.map((run) => [
    String(run.points),
    megabytes(run.peakBytes.program),
    megabytes(run.peakBytes.server),
    `${run.statusMs.slowest.toFixed(0)} ms`,
    `${run.statusMs.p99.toFixed(0)} ms`,
  ]),
)}

![CPU time of a point against the points of a study](scale.svg)

The engine alone, with a solver of ${noOp.lanes} lanes that does nothing and parts that are empty: ${noOp.points} points in shards
of ${noOp.shardSize} took ${noOp.solvingSeconds.toFixed(1)} s, which is ${Math.round(noOp.points / noOp.solvingSeconds)} points a second, and ${noOp.cpuSeconds.toFixed(1)} s of CPU, planning included: ${((100 * noOp.cpuSeconds) / total).toFixed(0)} % of
the ${total.toFixed(0)} s that the largest run took.
`;
}

function perPoint(seconds: number, points: number): string {
  return ((1e6 * seconds) / points).toFixed(0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---:')), ...rows.map(line)].join('\n');
}
