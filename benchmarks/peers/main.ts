import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { PROJECT_ROOT } from '../../infra/project-root.js';
import { CONTENDERS, ENVIRONMENT } from './contenders.js';
import { killAtHalf, type Survival } from './kill-test.js';
import { largestNumber, type LargestNumber } from './largest-number.js';
import { formatReport } from './report.js';

/** `npm run bench:peers`: the orchestration beside Ray Tune, Optuna, Dask and joblib. Linux only, since it reads /proc. */

const RESULTS = path.join(PROJECT_ROOT, 'benchmarks/results/peers');
const WAITS_MS = [0, 1];
const KILL_WAIT_MS = 10;
const QUICK = { seconds: 5, killTrials: 100 };
/** Exit code, as of a shell's program that Ctrl-C has ended. */
const INTERRUPTED = 130;
/** Of the kill test's runs, each. */
const KILL_LIMIT_SECONDS = 300;

const command = new Command('bench:peers')
  .description('measure the orchestration beside Ray Tune, Optuna, Dask and joblib')
  .option('--quick', `does it work? --seconds ${QUICK.seconds}, few trials killed`, false)
  .option(
    '--seconds <seconds>',
    'limit within which as many trials as possible are finished',
    '120',
  ) // prettier-ignore
  .option('--contenders <pattern>', 'only those whose names match, as in ours|dask', '')
  .option('--out <path>', 'where to write .md and .json, without the ending', RESULTS)
  .parse();
const options = command.opts<{
  readonly quick: boolean;
  readonly seconds: string;
  readonly contenders: string;
  readonly out: string;
}>();
const plan = options.quick ? QUICK : { seconds: Number(options.seconds), killTrials: 500 };
if (!(plan.seconds > 0)) {
  command.error('error: --seconds takes a number above 0', { exitCode: 2 });
}

const start = performance.now();
const load = loadavg()[0]!;
const hasPeers = existsSync(path.join(ENVIRONMENT, '.setup-stamp'));
if (!hasPeers) tell('no Python peers (run: node infra/python.mjs scale-peers): ours alone');
const pattern = new RegExp(options.contenders, 'u');
const here = CONTENDERS.filter(({ ours }) => ours || hasPeers);
const contenders = here.filter(({ name }) => pattern.test(name));
if (contenders.length === 0) {
  const names = here.map(({ name }) => name).join(', ');
  command.error(`error: --contenders matches none of: ${names}`, { exitCode: 2 });
}

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interruption.abort();
  });
}
const numbers: LargestNumber[] = [];
const survivals: Survival[] = [];
const absences: string[] = [];
for (const contender of contenders) {
  for (const wait of WAITS_MS) {
    await attempt(`${contender.title}, trials of ${wait} ms`, async () => {
      const row = await largestNumber(contender, wait, plan.seconds, interruption.signal);
      numbers.push(row);
      return `${row.trials} in ${row.seconds.toFixed(1)} s`;
    });
  }
  await attempt(`${contender.title}, killed`, async () => {
    const row = await killAtHalf(
      contender,
      plan.killTrials,
      KILL_WAIT_MS,
      KILL_LIMIT_SECONDS,
      interruption.signal,
    );
    survivals.push(row);
    return `${row.recomputed} recomputed, ${row.lost} lost, ${row.duplicated} duplicated`;
  });
}
write();

/** One that fails is told, and stops no other. An interruption ends the program with what it has. */
async function attempt(title: string, work: () => Promise<string>): Promise<void> {
  try {
    tell(`${title}: ${await work()}`);
  } catch (error) {
    if (interruption.signal.aborted) {
      absences.push('the rest: it was interrupted');
      write();
      process.exit(INTERRUPTED);
    }
    absences.push(`${title}: ${(error as Error).message}`);
    tell(absences.at(-1)!);
  }
}

/** Writes all that was measured. */
function write(): void {
  const given = process.argv.slice(2);
  const results = {
    date: new Date().toISOString().slice(0, 10),
    command: ['npm run bench:peers', ...(given.length > 0 ? ['--', ...given] : [])].join(' '),
    seconds: (performance.now() - start) / 1000,
    cores: availableParallelism(),
    load,
    limitSeconds: plan.seconds,
    versions: { node: process.versions.node, ...(hasPeers ? peerVersions() : {}) },
    numbers,
    survivals,
    absences,
  };
  mkdirSync(path.dirname(options.out), { recursive: true });
  writeFileSync(`${options.out}.json`, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(`${options.out}.md`, formatReport(results, CONTENDERS));
  tell(`written to ${path.relative(process.cwd(), options.out)}.md and .json`);
}

function peerVersions(): Record<string, string> {
  const code = `import json, platform; from importlib.metadata import version
print(json.dumps({"python": platform.python_version(), **{name: version(name) for name in ["ray", "optuna", "dask", "distributed", "joblib"]}}))`;
  const text = execFileSync(path.join(ENVIRONMENT, 'bin/python'), ['-c', code], { encoding: 'utf8' }); // prettier-ignore
  return JSON.parse(text) as Record<string, string>;
}

function tell(line: string): void {
  const seconds = ((performance.now() - start) / 1000).toFixed(0).padStart(4);
  console.error(`${seconds} s  ${line}`);
}
