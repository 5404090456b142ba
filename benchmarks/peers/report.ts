import type { Contender } from './contenders.js';
import { WORKERS } from './contender-run.js';
import type { Survival } from './kill-test.js';
import type { LargestNumber } from './largest-number.js';

/** Everything that a run of the benchmark knows; `results/peers.json`. */
export interface Results {
  readonly date: string;
  readonly command: string;
  readonly seconds: number;
  readonly cores: number;
  /** The machine's load average before the first run. */
  readonly load: number;
  readonly limitSeconds: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly numbers: readonly LargestNumber[];
  readonly survivals: readonly Survival[];
  /** What has no row, and why. */
  readonly absences: readonly string[];
}

/** The page `results/peers.md`. */
export function formatReport(results: Results, contenders: readonly Contender[]): string {
  const title = (name: string): string => {
    const contender = contenders.find((other) => other.name === name)!;
    return contender.ours ? `**${contender.title}**` : contender.title;
  };
  const { numbers, survivals, versions, absences } = results;
  const waits = [...new Set(numbers.map(({ milliseconds }) => milliseconds))];
  return `${[
    '# The orchestration beside its peers',
    '',
    `\`${results.command}\`, ${results.date}, ${results.cores} cores, load average ${results.load.toFixed(1)} before it started, ` +
      `${results.seconds.toFixed(0)} s in all. ${WORKERS} trials at the same time, Optuna on SQLite one. Ours are bold. ` +
      `[README.md](../README.md) says how each is used and what is counted.`,
    '',
    `${Object.entries(versions).map((entry) => entry.join(' ')).join(', ')}.`, // prettier-ignore
    ...waits.flatMap((wait) => [
      '',
      `## ${wait === 0 ? 'Trials that do nothing' : `Trials that wait ${wait} ms`}: the largest number finished in ${results.limitSeconds} s`,
      '',
      '| | trials | seconds | trials a second | too many | run twice |',
      '|---|---:|---:|---:|---:|---:|',
      ...numbers
        .filter(({ milliseconds }) => milliseconds === wait)
        .sort((a, b) => b.trials / b.seconds - a.trials / a.seconds)
        .map((row) =>
          line([
            title(row.contender),
            grouped(row.trials),
            row.seconds.toFixed(1),
            grouped(Number((row.trials / row.seconds).toPrecision(3))),
            row.tooMany === null ? '' : grouped(row.tooMany),
            grouped(row.finished - row.trials),
          ]),
        ),
    ]),
    ...numbers
      .filter(({ failure }) => failure !== null)
      .map(({ contender, failure }) => `\n${title(contender)} failed with ${failure!}`),
    '',
    '## The driver killed at half, and resumed',
    '',
    '| | trials | started before | recomputed | lost | duplicated | seconds to resume and end |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...survivals.map((row) =>
      line([
        title(row.contender),
        grouped(row.trials),
        grouped(row.startedBefore),
        grouped(row.recomputed),
        grouped(row.lost),
        grouped(row.duplicated),
        row.resumeSeconds.toFixed(1),
      ]),
    ),
    ...absences.map((absence) => `\nNo row: ${absence}`),
  ].join('\n')}\n`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function grouped(value: number): string {
  return value.toLocaleString('en');
}
