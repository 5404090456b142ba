// `npm run bench:store [parts ...]`: stores of so many parts of one row each, and what each command takes in them. Writes
// benchmarks/results/store.json and store.md. `--of DIR` measures the program that is built in another folder. Linux only, since it
// reads /proc.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { planRound } from '../../activities/plan.js';
import { PROJECT_ROOT } from '../../infra/project-root.js';
import { openStore } from '../../results/open-store.js';
import { saveStudy } from '../../results/studies.js';
import { referenceTo } from '../../results/study-reference.js';
import { specHash } from '../../study/key.js';
import { usageOf } from '../scale/process-meter.js';
import { makeOneRowStore, oneRowStudy, parsed, THREE_POINTS } from './one-row-store.js';
import { asMarkdown, type Measured, type StoreRun } from './report.js';

const SIZES = [1000, 14_000];

/** The high-water mark of a process stands until it ends: to look often enough is to miss its last moments only. */
const LOOK_EVERY_MS = 20;

const SQL = 'SELECT count(*) AS n, avg(objective) AS objective FROM results';

/** A command as a person types it, in the folder of a bench. */
async function timed(
  program: string,
  cwd: string,
  label: string,
  words: readonly string[],
): Promise<StoreRun> {
  const began = performance.now();
  const child = spawn(process.execPath, [path.join(program, 'dist/cli/main.js'), ...words], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', XDG_STATE_HOME: path.join(cwd, 'state') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let used = { cpuSeconds: 0, peakBytes: 0 };
  while ((await Promise.race([ended, delay(LOOK_EVERY_MS, 'look')])) === 'look') {
    used = usageOf(child.pid!) ?? used;
  }
  const code = await ended;
  if (code !== 0) throw new Error(`${words.join(' ')} exited ${String(code)}: ${complaint}`);
  return { label, seconds: (performance.now() - began) / 1000, ...used };
}

async function measure(parts: number, program: string): Promise<StoreRun[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-store-bench-'));
  try {
    const text = oneRowStudy('owner', parts);
    const study = parsed(text);
    const storeFolder = path.join(folder, 'store');
    await makeOneRowStore(storeFolder, study);
    const store = openStore(storeFolder);
    const version = await saveStudy(store, study, specHash(study), text);
    await writeFile(path.join(folder, 'owner.yaml'), text);
    await writeFile(path.join(folder, 'three.yaml'), THREE_POINTS);
    const runs: StoreRun[] = [];
    const run = async ([label, ...words]: readonly string[]): Promise<void> => {
      runs.push(await timed(program, folder, label!, [...words, '--store', 'store']));
      console.error(parts, JSON.stringify(runs.at(-1)));
    };
    await run(FIRST);
    // All points have landed: the pages say so, and nothing is to be solved.
    const surroundings = {
      attempt: 1,
      signal: new AbortController().signal,
      report: () => undefined,
    };
    await planRound(await referenceTo(store, version), 0, false, surroundings);
    for (const command of COMMANDS) await run(command);
    return runs;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** It finds no catalog. */
const FIRST = ['plan, the first command of all', 'plan', 'three.yaml'];

/** What is measured then, in this order. */
const COMMANDS: readonly (readonly string[])[] = [
  ['query, of the study that owns the parts', 'query', 'owner', SQL],
  ['status, of that study', 'status', 'owner'],
  ['plan, of that study', 'plan', 'owner.yaml'],
  ['plan, of three new points', 'plan', 'three.yaml'],
  ['run, of three new points', 'run', 'three.yaml'],
  ['query, of three points', 'query', 'three', SQL],
  ['status, of three points', 'status', 'three'],
];

const words = process.argv.slice(2);
const of = words.indexOf('--of');
const program = of < 0 ? PROJECT_ROOT : path.resolve(words[of + 1]!);
const given = words.filter((word) => /^\d+$/.test(word)).map(Number);
const load = loadavg()[0]!;
const stores: Measured['stores'][number][] = [];
for (const parts of given.length > 0 ? given : SIZES) {
  stores.push({ parts, runs: await measure(parts, program) });
}
const folder = path.join(PROJECT_ROOT, 'benchmarks/results');
await mkdir(folder, { recursive: true });
const file = path.join(folder, 'store.json');
const before = await readFile(file, 'utf8').then((json) => JSON.parse(json) as Measured, () => null); // prettier-ignore
const measured: Measured = {
  date: new Date().toISOString(),
  cores: availableParallelism(),
  load,
  // Of another program it stands beside what was measured of this one.
  stores: of < 0 ? stores : (before?.stores ?? []),
  before: of < 0 ? (before?.before ?? []) : stores,
};
await writeFile(file, `${JSON.stringify(measured, null, 2)}\n`);
await writeFile(path.join(folder, 'store.md'), asMarkdown(measured));
console.log(asMarkdown(measured));
