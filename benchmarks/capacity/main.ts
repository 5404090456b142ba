// `npm run bench:capacity`: what the stages of a study, its files and its server take, for docs/capacity.md and
// `ufm-sweep plan --cluster`. Linux only, since it reads /proc.
//
//     npm run bench:capacity                         stages, files, and the embedded server
//     npm run bench:capacity -- --server 'temporal-server 1.32.0, PostgreSQL 15' --processes 4711,4712
//                                                    the configured server alone (TEMPORAL_ADDRESS), by the processes
//                                                    of server and database on this machine
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT_ROOT } from '../../infra/project-root.js';
import { provideTemporalBinary } from '../../infra/temporal-binary.js';
import { configuredServer, openServer } from '../../workers/server/server-access.js';
import { startEmbeddedServer } from '../../workers/server/embedded-server.js';
import { configureRuntime } from '../../workers/runtime.js';
import { studyText } from '../scale/study.js';
import { lookupRun } from './lookup-runs.js';
import { partSize } from './part-sizes.js';
import { asMarkdown, type Measured, type Server } from './report.js';
import { idleLoad, serverRun, type MeasuredServer } from './server-runs.js';
import { planRun, stageRun } from './stage-runs.js';

const SHARD_SIZE = 1000;
const SOLVED = [50_000, 100_000, 200_000];
const PLANNED = [250_000, 500_000, 1_000_000, 2_000_000];
const LOOKED_UP = [250_000, 1_000_000, 4_000_000];
const CLUSTERS = [2, 3, 5, 10];
const IDLE_SECONDS = 20;

/** Shards without work show what a shard costs the server, those of two seconds what its heartbeats add. */
const SERVER_RUNS = [
  { shards: 500, window: 4, shardSeconds: 0 },
  { shards: 500, window: 64, shardSeconds: 0 },
  { shards: 4000, window: 64, shardSeconds: 0 },
  { shards: 500, window: 64, shardSeconds: 2 },
  { shards: 1000, window: 64, shardSeconds: 2 },
];

const OUTPUT = path.join(PROJECT_ROOT, 'benchmarks/results/capacity');

const { values: options } = parseArgs({
  options: { server: { type: 'string' }, processes: { type: 'string', default: '' } },
});
configureRuntime({ logLevel: 'ERROR', metrics: null, deployment: null });

const measured =
  options.server === undefined ? await measureAll() : await addServer(options.server);
await writeFile(`${OUTPUT}.json`, `${JSON.stringify(measured, null, 2)}\n`);
await writeFile(`${OUTPUT}.md`, asMarkdown(measured));
console.log(asMarkdown(measured));

async function measureAll(): Promise<Measured> {
  const load = loadavg()[0]!;
  const servers = replaced(await embedded(), (await before()).servers);
  const parts = [];
  for (const solver of ['exact', 'tensor'] as const) {
    for (const clusters of CLUSTERS) parts.push(told(await partSize(clusters, solver)));
  }
  const lookups = [];
  for (const rows of LOOKED_UP) lookups.push(told(await lookupRun(rows)));
  const studies = [];
  for (const points of SOLVED) studies.push(told(await stageRun(studyText(points, SHARD_SIZE), points))); // prettier-ignore
  const plans = [];
  for (const points of PLANNED) plans.push(told(await planRun(studyText(points, SHARD_SIZE), points))); // prettier-ignore
  const [core] = cpus();
  return {
    date: new Date().toISOString(),
    machine: {
      processor: core!.model,
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      node: process.versions.node,
    },
    load,
    shardSize: SHARD_SIZE,
    studies,
    plans,
    parts,
    lookups,
    servers,
  };
}

/** Adds a server to what was measured before, in place of what is there under its name. */
async function addServer(name: string): Promise<Measured> {
  const access = configuredServer(null);
  const pids = options.processes.split(',').map(Number);
  if (access === null || pids.some((pid) => !Number.isInteger(pid) || pid <= 0)) {
    throw new Error(
      '--server needs TEMPORAL_ADDRESS, and --processes with the numbers of processes',
    );
  }
  const server = await measure(name, { access, pids });
  const rest = await before();
  return { ...rest, servers: replaced(server, rest.servers) };
}

function replaced(server: Server, among: readonly Server[]): Server[] {
  const named = ({ name }: Server): boolean => name === server.name;
  return among.some(named)
    ? among.map((other) => (named(other) ? server : other))
    : [...among, server];
}

/** What was measured the last time. */
async function before(): Promise<Measured> {
  return JSON.parse(await readFile(`${OUTPUT}.json`, 'utf8')) as Measured;
}

async function embedded(): Promise<Server> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-capacity-server-'));
  const binary = await provideTemporalBinary(console.error, false);
  if (binary === null) throw new Error('There is no Temporal server; see: ufm-sweep doctor');
  const server = await startEmbeddedServer({ folder, binary, extraArguments: [] });
  try {
    const access = openServer(server.address);
    return await measure('embedded, SQLite', { access, pids: [server.pid] });
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(name: string, server: MeasuredServer): Promise<Server> {
  const load = loadavg()[0]!;
  const runs = [];
  for (const wanted of SERVER_RUNS) runs.push(told(await serverRun(server, wanted)));
  // After them: a server that has just started is busy with itself.
  return { name, load, idleLoad: told(await idleLoad(server, IDLE_SECONDS)), runs };
}

function told<T>(result: T): T {
  console.error(JSON.stringify(result));
  return result;
}
