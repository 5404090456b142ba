import { setTimeout as delay } from 'node:timers/promises';
import type { Stage, StudyReference } from '../../study/orchestration.js';
import type { StudyClient } from '../../workers/client/study-client.js';
import { usageOf, type Usage } from './process-meter.js';

const LOOK_EVERY_MS = 500;

/** What was seen of a study while it ran. */
export interface Observation {
  /** Wall-clock seconds of each stage. */
  readonly stages: Readonly<Record<Stage, number>>;
  /** Milliseconds that each question about progress took, ascending. */
  readonly latencies: readonly number[];
  /** By process id. */
  readonly usage: ReadonlyMap<number, Usage>;
}

/** Asks a study how far it is, and the kernel what its processes use, until the work ends. */
export async function observe(
  work: Promise<unknown>,
  client: StudyClient,
  reference: StudyReference,
  pids: readonly number[],
): Promise<Observation> {
  const stages = { planning: 0, solving: 0, analyzing: 0, done: 0 };
  const latencies: number[] = [];
  const usage = new Map<number, Usage>();
  const ended = work.then(
    () => null,
    () => null,
  );
  let last: number | null = null;
  while ((await Promise.race([ended, delay(LOOK_EVERY_MS, 'look')])) !== null) {
    for (const pid of pids) {
      const used = usageOf(pid);
      if (used !== null) usage.set(pid, used);
    }
    const asked = performance.now();
    // As `ufm-sweep status` asks. Before the study is known, and when its worker has gone, nobody answers.
    const progress = await client.look(reference).then(
      (view) => view.progress,
      () => null,
    );
    if (progress === null) continue;
    const answered = performance.now();
    latencies.push(answered - asked);
    stages[progress.stage] += (answered - (last ?? asked)) / 1000;
    last = answered;
  }
  return { stages, latencies: latencies.sort((a, b) => a - b), usage };
}
