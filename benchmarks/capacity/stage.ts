// One stage of a study in a process of its own, so that its memory is its own: `stage.js plan|solve|analyze FOLDER`.
// Prints what it used as JSON.
import { availableParallelism } from 'node:os';
import { analyze } from '../../activities/analyze.js';
import { planRound } from '../../activities/plan.js';
import { solveShard } from '../../activities/solve-shard.js';
import type { Surroundings } from '../../activities/surroundings.js';
import { openStore } from '../../results/open-store.js';
import { listStudies } from '../../results/studies.js';
import type { StudyReference } from '../../study/orchestration.js';
import { SolverPool } from '../../workers/threads/solver-pool.js';

/** What a stage used. */
export interface StageUse {
  /** User and system, of all threads. */
  readonly cpuSeconds: number;
  /** The largest resident set of the process. */
  readonly peakBytes: number;
  /** Shards of the plan; 0 for a stage that plans nothing. */
  readonly shards: number;
  /** Points that a plan found in the store. */
  readonly cached: number;
}

const surroundings: Surroundings = {
  signal: new AbortController().signal,
  attempt: 1,
  report: () => undefined,
};

async function solveAll(reference: StudyReference): Promise<number> {
  const { plan, shards } = await planRound(reference, 0, false, surroundings);
  const pool = await SolverPool.start(availableParallelism(), { device: 'auto' });
  const worker = { identity: `${process.pid}@capacity`, codeVersion: '' };
  const open = Array.from({ length: shards }, (_, shard) => shard).values();
  try {
    await Promise.all(
      Array.from({ length: 2 * pool.lanes }, async () => {
        for (const shard of open) await solveShard({ reference, plan, shard }, pool, worker, surroundings); // prettier-ignore
      }),
    );
  } finally {
    await pool.close();
  }
  return shards;
}

const [stage, folder] = process.argv.slice(2);
const { versions } = await listStudies(openStore(folder!));
const reference = { store: folder!, ...versions[0]! };
let shards = 0;
let cached = 0;
if (stage === 'plan') ({ shards, cached } = await planRound(reference, 0, false, surroundings));
else if (stage === 'solve') shards = await solveAll(reference);
else await analyze(reference);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const use: StageUse = {
  cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
  peakBytes: 1024 * maxRSS,
  shards,
  cached,
};
console.log(JSON.stringify(use));
