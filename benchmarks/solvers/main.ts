import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { PROJECT_ROOT } from '../../infra/project-root.js';
import { compare } from './aims.js';
import { ContenderProcess } from './contender-process.js';
import { OURS, PEERS, type ProcessName } from './contenders.js';
import { describeMachine, ourVersions } from './machine.js';
import { measure, TOLERANCE } from './measure.js';
import { formatReport, type Results } from './report.js';
import { WORKLOAD_NAMES, type WorkloadName } from './workloads.js';

/** `npm run bench:solvers`: our solvers and their peers, side by side on one core. */

interface Options {
  readonly quick: boolean;
  readonly rounds: string;
  readonly workload?: WorkloadName;
  readonly contenders: string;
  readonly out: string;
}

const ENVIRONMENT = path.join(PROJECT_ROOT, '.tools/solver-peers');
const RESULTS = path.join(PROJECT_ROOT, 'benchmarks/results/solvers');
const QUICK = { rounds: 1, divisor: 16, workloads: ['paper'] as const };

const command = new Command('bench:solvers')
  .description('measure our solvers and their peers side by side on one core')
  .option('--quick', "one round of a sixteenth of the paper's grid: does it work?", false)
  .option('--rounds <count>', 'rounds in which every contender runs once', '5')
  .addOption(new Option('--workload <name>', 'only this one').choices(WORKLOAD_NAMES))
  .option('--contenders <pattern>', 'only those whose names match, as in exact|wasm|jax-bfgs', '')
  .option('--out <path>', 'where to write .md and .json, without the ending', RESULTS)
  .parse();
const options = command.opts<Options>();
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  command.error('error: --rounds takes a whole number above 0', { exitCode: 2 });
}

const start = performance.now();
const processes = new Map<ProcessName, ContenderProcess>();
try {
  const hasPeers = existsSync(path.join(ENVIRONMENT, '.setup-stamp'));
  if (!hasPeers) tell('no Python peers (run: node infra/python.mjs solver-peers): ours alone');
  const pattern = new RegExp(options.contenders, 'u');
  const here = hasPeers ? [...OURS, ...PEERS] : OURS;
  const contenders = here.filter(({ name }) => pattern.test(name));
  if (contenders.length === 0) {
    const names = here.map(({ name }) => name).join(', ');
    command.error(`error: --contenders matches none of: ${names}`, { exitCode: 2 });
  }
  const wanted = options.workload === undefined ? WORKLOAD_NAMES : [options.workload];
  const plan = options.quick ? QUICK : { rounds, divisor: 1, workloads: wanted };
  const { measurements, absences } = await measure({
    ...plan,
    contenders,
    processOf,
    tell,
  });
  const peerVersions = hasPeers
    ? await processOf('cvxpy').request<Record<string, string>>({ do: 'versions' })
    : {};
  write({
    date: new Date().toISOString().slice(0, 10),
    command: ['npm run bench:solvers --', ...process.argv.slice(2)].join(' '),
    seconds: (performance.now() - start) / 1000,
    rounds: plan.rounds,
    tolerance: TOLERANCE,
    machine: describeMachine(),
    versions: { ...ourVersions(), ...peerVersions },
    measurements,
    absences,
    comparisons: compare(measurements),
  });
} finally {
  for (const child of processes.values()) child.close();
}

function processOf(name: ProcessName): ContenderProcess {
  const known = processes.get(name);
  if (known !== undefined) return known;
  const command = name.startsWith('ours-')
    ? [process.execPath, path.join(import.meta.dirname, 'ours.js')]
    : [
        path.join(ENVIRONMENT, 'bin/python'),
        path.join(PROJECT_ROOT, 'benchmarks/solvers/peers/serve.py'),
      ];
  const started = new ContenderProcess(command);
  processes.set(name, started);
  return started;
}

function write(results: Results): void {
  mkdirSync(path.dirname(options.out), { recursive: true });
  writeFileSync(`${options.out}.json`, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(`${options.out}.md`, formatReport(results));
  tell(`written to ${path.relative(process.cwd(), options.out)}.md and .json`);
}

function tell(line: string): void {
  const seconds = ((performance.now() - start) / 1000).toFixed(0).padStart(4);
  console.error(`${seconds} s  ${line}`);
}
