// `npm run bench:scale [points ...]`: runs studies of growing size end to end, and the engine alone, and writes what it
// measured to benchmarks/results/scale.json, scale.md and scale.svg. Linux only, since it reads /proc.
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '../../infra/project-root.js';
import { configureRuntime } from '../../workers/runtime.js';
import { noOpRun } from './no-op-run.js';
import { costPlot } from './plot.js';
import { realRun, type RealRun } from './real-run.js';
import { asMarkdown } from './report.js';

const SHARD_SIZE = 1000;
const SIZES = [1e3, 1e4, 1e5, 1e6];

const given = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : SIZES;
configureRuntime({ logLevel: 'ERROR', metrics: null, deployment: null });
const load = loadavg()[0]!;
const runs: RealRun[] = [];
for (const points of sizes) {
  runs.push(await realRun(points, SHARD_SIZE));
  console.error(JSON.stringify(runs.at(-1)));
}
const noOp = await noOpRun(sizes.at(-1)!, SHARD_SIZE);
console.error(JSON.stringify(noOp));

const measured = {
  date: new Date().toISOString(),
  cores: availableParallelism(),
  load,
  runs,
  noOp,
};
const folder = path.join(PROJECT_ROOT, 'benchmarks/results');
await mkdir(folder, { recursive: true });
await writeFile(path.join(folder, 'scale.json'), `${JSON.stringify(measured, null, 2)}\n`);
await writeFile(path.join(folder, 'scale.svg'), costPlot(runs));
await writeFile(path.join(folder, 'scale.md'), asMarkdown(measured));
console.log(asMarkdown(measured));
