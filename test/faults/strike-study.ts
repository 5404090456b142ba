import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { vi } from 'vitest';
import { EXIT } from '../../cli/exit-codes.js';
import { latestVersion } from '../../results/studies.js';
import { referenceTo } from '../../results/study-reference.js';
import type { StudyReference } from '../../study/orchestration.js';
import { mountSmallDisk, unmountSmallDisk } from '../small-disk.js';
import type { Cluster } from './cluster.js';
import type { Dice } from './dice.js';
import { PATIENCE_MS, type Fault } from './fault.js';
import { judge, type Truth } from './judge.js';
import { Patience, Stuck } from './patience.js';
import { MOMENTS, waitFor, type Moment } from './moments.js';
import { STUDY_NAME } from './study.js';
import { NOTHING_WRONG, type Outcome } from './tally.js';

/** What came of a study that was struck. */
export interface StruckStudy extends Outcome {
  readonly struck: readonly { readonly name: string; readonly moment: Moment | 'at the end' }[];
  /** Points that a retry solved again, after faults that have damaged what had landed. */
  readonly retried: number;
  /** Points that were being solved by those who were struck. */
  readonly solvedAgain: number;
  /** What went wrong beside points, in words; null where nothing did. */
  readonly trouble: string | null;
}

/**
 * Runs a study, strikes it with faults, one after the other, and judges what came of it. Where a study is stuck, or ends
 * otherwise than it should, its store is left for people, and the cluster is of no more use.
 */
export async function strikeStudy(
  cluster: Cluster,
  planned: readonly Fault[],
  truth: Truth,
  dice: Dice,
): Promise<StruckStudy> {
  const struck: StruckStudy['struck'][number][] = [];
  let solvedAgain = 0;
  const store = await cluster.newStore(`store-${dice.below(1e9)}`);
  // Only a fault of the disk notices, and where nobody may make one it does not strike.
  await mountSmallDisk(store);
  try {
    const begunBy = planned.find((fault) => fault.begunBy)?.begunBy;
    if (begunBy) await cluster.begin(begunBy);
    await cluster.run(store);
    const reference = await savedStudy(cluster);
    const patience = new Patience(cluster, reference, planned);
    for (const fault of planned) {
      const moment = dice.of(fault.moments ?? MOMENTS);
      const inTime = await patience.with(waitFor(moment, cluster, reference));
      // What has landed can be damaged at any time, and gone on with; a process that has ended cannot be killed.
      if (!inTime && !fault.damages && !fault.begunBy) continue;
      const hit = { name: fault.name, moment: inTime ? moment : ('at the end' as const) };
      struck.push(hit);
      const lost = await patience.with(fault.strike(cluster, reference, dice));
      if (lost === null) struck.pop();
      else solvedAgain += lost;
    }
    const { code, stdout } = await patience.with(cluster.ending());
    const damaged = planned.some(({ damages }) => damages);
    // Who runs a study is told that points which had landed are gone.
    if (code !== EXIT.done && !(damaged && code === EXIT.failedPoints)) {
      throw new Error(`the client ended with ${code}: ${stdout.slice(0, 300)}`);
    }
    const verdict = await judge(cluster, STUDY_NAME, truth, damaged);
    await unmountSmallDisk(store);
    await rm(store, { recursive: true, force: true });
    return { ...verdict, stuck: 0, struck, solvedAgain, trouble: null };
  } catch (error) {
    const isStuck = error instanceof Stuck;
    const log = await readFile(path.join(cluster.folder, 'client.log'), 'utf8').catch(() => '');
    const trouble = `${(error as Error).message}\n${log.slice(-1000)}`;
    const outcome = { ...NOTHING_WRONG, [isStuck ? 'stuck' : 'wrong']: 1 };
    return { ...outcome, retried: 0, struck, solvedAgain, trouble };
  }
}

/** The study as the client has saved it. */
async function savedStudy(cluster: Cluster): Promise<StudyReference> {
  const version = await vi.waitUntil(() => latestVersion(cluster.store, STUDY_NAME), {
    timeout: PATIENCE_MS,
    interval: 20,
  });
  return referenceTo(cluster.store, version);
}
