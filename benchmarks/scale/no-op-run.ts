import { solveShard } from '../../activities/solve-shard.js';
import type { Solver } from '../../activities/solver.js';
import { underTemporal } from '../../activities/temporal.js';
import { SHARDS_PER_THREAD } from '../../study/conductor-state.js';
import type { Solution } from '../../ufm/solution.js';
import { SOLVE_QUEUE } from '../../workflows/names.js';
import { startOrchestrator } from '../../workers/orchestrator.js';
import { ServedStores } from '../../workers/stores/served-stores.js';
import { ownShardQueue } from '../../workers/shard-queue.js';
import { startWorker } from '../../workers/running-worker.js';
import { shardsOfWorker } from '../../workers/solver.js';
import { countEvents, withBench } from './bench-store.js';
import { observe } from './observe.js';
import { usageOf } from './process-meter.js';
import { studyText } from './study.js';

/** A run in which nothing is solved and every part is empty: what is left is the engine. */
export interface NoOpRun {
  readonly points: number;
  readonly shardSize: number;
  readonly lanes: number;
  /** Wall-clock seconds from the first shard handed out to the last one settled. */
  readonly solvingSeconds: number;
  /** Of planning and solving, workers and server together. */
  readonly cpuSeconds: number;
  readonly events: number;
}

/** Threads of a machine that would keep the engine busy; the shards in flight follow from them as for `run`. */
const LANES = 16;

/** Solves nothing, at once. */
const noOpSolver: Solver = {
  lanes: LANES,
  solve: (instances) => Promise.resolve(instances.map(() => ({ seconds: 1e-9 }) as Solution)),
  solvePart: ({ points }) =>
    Promise.resolve({
      bytes: new Uint8Array(),
      facts: new Uint8Array(),
      outcome: { points: points.length, failed: 0 },
      measures: [],
    }),
};

/** Runs a study of so many points through workers of this process and a server, with a solver that does nothing. */
export function noOpRun(points: number, shardSize: number): Promise<NoOpRun> {
  return withBench(studyText(points, shardSize), async (bench) => {
    const { access, client, reference, server } = bench;
    const identity = `${process.pid}@no-op`;
    const solveNothing = (plan: string, shard: number) =>
      underTemporal((surroundings) =>
        solveShard(
          { reference, plan, shard },
          noOpSolver,
          { identity, codeVersion: '' },
          surroundings,
        ),
      );
    const before = usageOf(process.pid)!.cpuSeconds;
    const workers = [
      // Analyzing parts that are empty would say nothing of the engine.
      await startOrchestrator(access, ServedStores.ofStudy(reference), {
        analyze: () => Promise.resolve(),
      }),
      await startWorker(access, {
        taskQueue: ownShardQueue(SOLVE_QUEUE, reference),
        identity,
        activities: {
          solveShard: (_: unknown, plan: string, shard: number) => solveNothing(plan, shard),
        },
        maxConcurrentActivityTaskExecutions: shardsOfWorker(LANES),
      }),
    ];
    try {
      await client.start(reference, {
        window: SHARDS_PER_THREAD * LANES,
        again: false,
        queue: SOLVE_QUEUE,
      });
      const result = client.result(reference);
      const { stages, usage } = await observe(result, client, reference, [process.pid, server.pid]);
      const own = usage.get(process.pid)!.cpuSeconds - before;
      return {
        points,
        shardSize,
        lanes: LANES,
        solvingSeconds: stages.solving,
        cpuSeconds: own + usage.get(server.pid)!.cpuSeconds,
        events: await countEvents(bench),
      };
    } finally {
      await Promise.allSettled(workers.map((worker) => worker.stop()));
    }
  });
}
