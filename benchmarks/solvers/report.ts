import type { Comparison } from './aims.js';
import type { Absence, Measurement } from './measure.js';
import { median } from './statistics.js';
import { WORKLOAD_NAMES, type WorkloadName } from './workloads.js';

/** Everything that a run of the benchmark knows; `results/solvers.json`. */
export interface Results {
  readonly date: string;
  readonly command: string;
  readonly seconds: number;
  readonly rounds: number;
  readonly tolerance: number;
  readonly machine: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly measurements: readonly Measurement[];
  readonly absences: readonly Absence[];
  readonly comparisons: readonly Comparison[];
}

const HEADINGS: Readonly<Record<WorkloadName, string>> = {
  paper: "The paper's grid: K = 10 in two clusters, class means, bias .01 |b|^2",
  'long-tail': 'Long tails: K = 10, every class with its own number of samples',
  'per-sample': 'A feature for each of 600 to 3,000 samples, K = 10',
};

/** The page `results/solvers.md`. */
export function formatReport(results: Results): string {
  const facts = Object.entries({ ...results.machine, ...results.versions });
  const lines = [
    '# Solvers, side by side',
    '',
    `Certified instances per second of one core, to a relative duality gap of ${results.tolerance}; medians over ` +
      `${results.rounds} rounds in which every contender ran in turn, with least and most. Ours are bold. ` +
      '[README.md](../README.md) says what is counted.',
    '',
    `Written by \`${results.command}\` on ${results.date} in ${results.seconds.toFixed(0)} s. ` +
      `${facts.map(([name, value]) => `${name} ${value}`).join(', ')}.`,
    '',
    quietness(results.measurements),
    ...WORKLOAD_NAMES.flatMap((workload) => section(workload, results)),
    ...aims(results.comparisons),
  ];
  return `${lines.join('\n')}\n`;
}

/** A third more time than the core's own means that others used it: their traces in the caches are in the figures. */
const BUSY = 1.33;

function quietness(measurements: readonly Measurement[]): string {
  if (measurements.length === 0) return 'Nothing ran.';
  const delay = median(measurements.map((measurement) => measurement.delay));
  const took = `The clock on the wall showed ${delay.toFixed(2)} times the core's time (median of all rows)`;
  return delay < BUSY
    ? `${took}: the machine was quiet.`
    : `${took}: **the machine was busy, take these figures as rough.**`;
}

function section(workload: WorkloadName, { measurements, absences }: Results): string[] {
  const here = measurements
    .filter((measurement) => measurement.workload === workload)
    .map((measurement) => ({ ...measurement, rate: median(measurement.rates) }))
    .sort((a, b) => b.rate - a.rate);
  if (here.length === 0) return [];
  const best = Math.max(...here.filter(({ ours }) => !ours).map(({ rate }) => rate));
  const missing = absences.filter((absence) => absence.workload === workload);
  return [
    '',
    `## ${HEADINGS[workload]}`,
    '',
    '| | certified/s | least - most | × the best peer | instances | certified | worst gap | s to prepare |',
    '|---|---|---|---|---|---|---|---|',
    ...here.map((row) =>
      [
        '',
        row.ours ? `**${row.title}**` : row.title,
        short(row.rate),
        `${short(Math.min(...row.rates))} - ${short(Math.max(...row.rates))}`,
        Number.isFinite(best) ? short(row.rate / best) : '',
        row.count.toLocaleString('en'),
        `${(100 * row.certified).toFixed(1)} %`,
        row.worstGap === null ? 'none' : row.worstGap.toExponential(1),
        row.preparation.toFixed(1),
        '',
      ]
        .join(' | ')
        .trim(),
    ),
    ...missing.map(({ title, reason }) => `\nNo row: ${title}: ${reason}`),
  ];
}

function aims(comparisons: readonly Comparison[]): string[] {
  return [
    '',
    '## What was aimed at',
    '',
    '| workload | ours | over | aim | measured | |',
    '|---|---|---|---|---|---|',
    ...comparisons.map(({ workload, ours, of, atLeast, measured }) => {
      const verdict =
        measured === null ? 'not measured' : measured >= atLeast ? 'reached' : 'missed';
      return `| ${workload} | ${ours} | ${of} | ${atLeast} × | ${measured === null ? '' : `${short(measured)} ×`} | ${verdict} |`;
    }),
  ];
}

/** Three digits, and thousands set apart. */
function short(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3 });
}
