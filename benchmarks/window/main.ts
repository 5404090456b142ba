// `npm run bench:window`: simulates rounds of unequal shards with the real conductor, in virtual time, with the rest of a round
// handed to segments and without, and writes benchmarks/results/window.md.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_ROOT } from '../../infra/project-root.js';
import { lognormal } from './lognormal.js';
import { Simulation } from './simulation.js';

const SHARDS = 20_000;
const MEDIAN_SECONDS = 2;
const SEED = 1;

const rows: string[] = [];
for (const window of [8, 64, 1000]) {
  for (const sigma of [0.5, 1, 1.5]) {
    const seconds = lognormal(SHARDS, MEDIAN_SECONDS, sigma, SEED);
    const barrier = await Simulation.run({ window, seconds, checkpoints: 'barrier' });
    const sliding = await Simulation.run({ window, seconds, checkpoints: 'sliding' });
    const none = await Simulation.run({ window, seconds, checkpoints: 'none' });
    const cells = [
      ...[String(window), String(sigma)],
      ...[barrier.beforeTheEnd, sliding.beforeTheEnd].map(percent),
      ...[barrier.whole, sliding.whole, none.whole].map(percent),
      ...[sliding.segments, barrier.events, sliding.events].map(String),
    ];
    rows.push(`| ${cells.join(' | ')} |`);
    console.error(rows.at(-1));
  }
}

const text = `# Use of a window by unequal shards

\`npm run bench:window\`: ${SHARDS} shards of one round with lognormal times, median ${MEDIAN_SECONDS} s, in virtual time, by the conductor and
the segments of the product. Use is the mean of shards in flight over the window. "Barrier" waits for all shards in flight
each time that a history is full, "sliding" hands the rest of the round to segments. Histories are full at 4,096 events, with
a workflow task for every shard and every signal; signals take 50 ms. "None" has histories without a bound: what is missing from it to 100 %
is the end of the round, when there are no more shards than slots.

| window | sigma | barrier, until the last shard is handed out | sliding | barrier, until it has ended | sliding | none | segments | events, barrier | events, sliding |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}
`;
await writeFile(path.join(PROJECT_ROOT, 'benchmarks/results/window.md'), text);
console.log(text);

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
