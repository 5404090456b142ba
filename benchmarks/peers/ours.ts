// Runs trials in the product's orchestration: a program with the command line of `scripts/common.py`, and `--engine`.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '../../results/database.js';
import { openStore } from '../../results/open-store.js';
import { claimStore } from '../../results/store-identity.js';
import { saveStudy } from '../../results/studies.js';
import { referenceTo } from '../../results/study-reference.js';
import { expandGrid } from '../../study/expand.js';
import { specHash } from '../../study/key.js';
import { formatProblems, parseStudy } from '../../study/parse.js';
import { solveBatch } from '../../ufm/solve.js';
import { configureRuntime } from '../../workers/runtime.js';
import { ENGINES } from './engines.js';
import { studyText } from './study.js';
import { TrialSolver } from './trial-solver.js';

const SHARD_SIZE = 1000;
/** In the kill test, where so few trials would otherwise be a single shard. */
const SHARDS_OF_FEW = 40;

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string', default: 'local' },
    trials: { type: 'string', default: '' },
    milliseconds: { type: 'string', default: '' },
    workers: { type: 'string', default: '' },
    folder: { type: 'string', default: '' },
    log: { type: 'string' },
    // To run a study again is to go on with it: nothing else is to be done.
    resume: { type: 'boolean' },
  },
});
configureRuntime({ logLevel: 'ERROR', metrics: null, deployment: null });
const trials = Number(options.trials);
const shardSize =
  options.log === undefined ? SHARD_SIZE : Math.max(1, Math.floor(trials / SHARDS_OF_FEW));
const text = studyText(trials, shardSize);
const parsed = parseStudy(text, 'study.yaml');
if (!parsed.ok) throw new Error(formatProblems('study.yaml', parsed.problems));
const { study } = parsed;

const folder = path.join(options.folder, 'store');
const store = openStore(folder);
await claimStore(store);
const version = await saveStudy(store, study, specHash(study), text);
const [first] = expandGrid(study, study.grids[0]!);
const [template] = await solveBatch([first!.instance], { device: 'auto' });
const solver = new TrialSolver(
  Number(options.workers),
  Number(options.milliseconds),
  options.log ?? null,
  template!,
);

let seconds = NaN;
await ENGINES[options.engine]!({
  reference: await referenceTo(store, version),
  solver,
  server: path.join(options.folder, 'server'),
  timed: async (work) => {
    const started = performance.now();
    await work();
    seconds = (performance.now() - started) / 1000;
  },
});

const database = await openDatabase(store);
try {
  // Of all parts, superseded rows included.
  const sql = options.log === undefined ? 'count(*) AS rows' : 'count(*) AS rows, list(point_key) AS keys'; // prettier-ignore
  const [answer] = await database.query<{ rows: number; keys?: string[] }>(
    `SELECT ${sql} FROM parts`,
  );
  const { rows: finished, keys } = answer!;
  const results = keys === undefined ? {} : { results: keys };
  await writeFile(
    path.join(options.folder, 'answer.json'),
    JSON.stringify({ seconds, finished, ...results }),
  );
} finally {
  database.close();
}
// Threads that nobody closes here would keep the process.
process.exit(0);
