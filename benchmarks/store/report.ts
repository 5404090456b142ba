/** What a command took in a store. */
export interface StoreRun {
  readonly label: string;
  /** Of the clock. */
  readonly seconds: number;
  /** Of all threads of the process, without those that it has started. */
  readonly cpuSeconds: number;
  /** The largest resident set. */
  readonly peakBytes: number;
}

export interface StoreOfParts {
  readonly parts: number;
  readonly runs: readonly StoreRun[];
}

export interface Measured {
  readonly date: string;
  readonly cores: number;
  /** Processes that were running or waiting when it began, by the kernel's average over a minute. */
  readonly load: number;
  readonly stores: readonly StoreOfParts[];
  /** Of the program without a catalog. */
  readonly before: readonly StoreOfParts[];
}

export function asMarkdown({ date, cores, load, stores, before }: Measured): string {
  return [
    '# Commands in a store of many parts',
    '',
    `Measured ${date.slice(0, 10)} by \`npm run bench:store\` on ${cores} cores, with ${load.toFixed(0)} other processes running. Each part has one row.`,
    'Seconds of the clock / CPU seconds of the process / MB of its largest resident set.',
    '',
    ...table(stores),
    ...(before.length === 0
      ? []
      : ['', 'The same before there was a catalog:', '', ...table(before)]),
    '',
    ...perPart(stores),
    '',
  ].join('\n');
}

function table(stores: readonly StoreOfParts[]): string[] {
  const labels = stores[0]?.runs.map(({ label }) => label) ?? [];
  return [
    `| | ${stores.map(({ parts }) => `${parts.toLocaleString('en')} parts`).join(' | ')} |`,
    `|---|${'---|'.repeat(stores.length)}`,
    ...labels.map(
      (label) => `| ${label} | ${stores.map((store) => cell(store, label)).join(' | ')} |`,
    ),
  ];
}

function cell({ runs }: StoreOfParts, label: string): string {
  const run = runs.find((each) => each.label === label);
  if (run === undefined) return '';
  const { seconds, cpuSeconds, peakBytes } = run;
  return `${seconds.toFixed(1)} s / ${cpuSeconds.toFixed(1)} s / ${(peakBytes / 1e6).toFixed(0)} MB`;
}

/** Memory that a part more takes: the slope between the smallest and the largest store. */
function perPart(stores: readonly StoreOfParts[]): string[] {
  const [small, large] = [stores[0], stores.at(-1)];
  if (small === undefined || large === undefined || small.parts === large.parts) return [];
  return [
    'Memory a part, between the smallest and the largest store:',
    '',
    ...small.runs.flatMap(({ label, peakBytes }) => {
      const other = large.runs.find((run) => run.label === label);
      if (other === undefined) return [];
      const each = (other.peakBytes - peakBytes) / (large.parts - small.parts);
      return [`- ${label}: ${(each / 1000).toFixed(1)} kB`];
    }),
  ];
}
