import { planRound } from '../../activities/plan.js';
import { solveShard } from '../../activities/solve-shard.js';
import type { Surroundings, Worker } from '../../activities/surroundings.js';
import { underTemporal } from '../../activities/temporal.js';
import { provideTemporalBinary } from '../../infra/temporal-binary.js';
import { initialState, SHARDS_PER_THREAD } from '../../study/conductor-state.js';
import { Conductor } from '../../study/conductor.js';
import type { RoundPlan, StudyReference } from '../../study/orchestration.js';
import { openServer } from '../../workers/server/server-access.js';
import { startEmbeddedServer } from '../../workers/server/embedded-server.js';
import { startOrchestrator } from '../../workers/orchestrator.js';
import { ServedStores } from '../../workers/stores/served-stores.js';
import { shardsOfWorker } from '../../workers/solver.js';
import { startWorker } from '../../workers/running-worker.js';
import { ownShardQueue } from '../../workers/shard-queue.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { SOLVE_QUEUE } from '../../workflows/names.js';
import type { TrialSolver } from './trial-solver.js';

/** A study to conduct, or to go on with. */
export interface Conduct {
  readonly reference: Required<StudyReference>;
  readonly solver: TrialSolver;
  /** Folder of the embedded server. */
  readonly server: string;
  /** Wraps the work, once everything that it needs has started. */
  readonly timed: (work: () => Promise<unknown>) => Promise<void>;
}

export type Engine = (conduct: Conduct) => Promise<void>;

const WORKER: Worker = { identity: `${process.pid}@trials`, codeVersion: '' };

/** The engines of `ufm-sweep run`, without the analysis at the end: the peers have none. */
export const ENGINES: Readonly<Record<string, Engine>> = {
  local: ({ reference, solver, timed }) => {
    const surroundings: Surroundings = {
      signal: new AbortController().signal,
      attempt: 1,
      report: () => undefined,
    };
    const steps = {
      planRound: (_: StudyReference, round: number) =>
        planRound(reference, round, false, surroundings),
      solveShard: (_: StudyReference, { plan }: RoundPlan, shard: number) =>
        solveShard({ reference, plan, shard }, solver, WORKER, surroundings),
      analyze: () => Promise.resolve(),
      reasonOf: String,
      classOf: () => 'shard' as const,
      sleep: () => Promise.resolve(),
    };
    const state = initialState(SHARDS_PER_THREAD * solver.lanes);
    return timed(() => new Conductor(reference, steps, () => false, state).conduct());
  },

  temporal: async ({ reference, solver, server: folder, timed }) => {
    const binary = await provideTemporalBinary(console.error, false);
    if (binary === null) throw new Error('There is no Temporal server; see: ufm-sweep doctor');
    const server = await startEmbeddedServer({ folder, binary, extraArguments: [] });
    const access = openServer(server.address);
    const client = await StudyClient.connect(access);
    const solve = (_: unknown, plan: string, shard: number) =>
      underTemporal((surroundings) =>
        solveShard({ reference, plan, shard }, solver, WORKER, surroundings),
      );
    const workers = [
      await startOrchestrator(access, ServedStores.ofStudy(reference), {
        analyze: () => Promise.resolve(),
      }),
      await startWorker(access, {
        taskQueue: ownShardQueue(SOLVE_QUEUE, reference),
        identity: WORKER.identity,
        activities: { solveShard: solve },
        maxConcurrentActivityTaskExecutions: shardsOfWorker(solver.lanes),
      }),
    ];
    try {
      const window = SHARDS_PER_THREAD * solver.lanes;
      await timed(async () => {
        await client.start(reference, { window, again: false, queue: SOLVE_QUEUE });
        const result = await client.result(reference);
        if (result.state !== 'done') throw new Error(`the study ends as ${result.state}`);
      });
    } finally {
      await Promise.allSettled(workers.map((worker) => worker.stop()));
      await client.close();
      await server.stop();
    }
  },
};
