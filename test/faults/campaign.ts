import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../../cli/exit-codes.js';
import type { StudyReference } from '../../study/orchestration.js';
import { latestVersion } from '../../results/studies.js';
import { referenceTo } from '../../results/study-reference.js';
import { vi } from 'vitest';
import { ufmSweep } from '../cli/command.js';
import { Cluster } from './cluster.js';
import { Dice } from './dice.js';
import type { Fault } from './fault.js';
import { FAULTS } from './faults.js';
import { judge, truthOf, type Truth } from './judge.js';
import { MOMENTS, waitFor } from './moments.js';
import { STUDY_NAME } from './study.js';
import { mountSmallDisk, unmountSmallDisk } from '../small-disk.js';

/** Of one study. */
const MOST_FAULTS = 4;
const LONG_SECONDS = 60;

export interface CampaignOptions {
  readonly seed: number;
  /** How many faults to try. */
  readonly faults: number;
  /** Faults that take longer than this are left out. */
  readonly secondsAFault: number;
  readonly tell: (line: string) => void;
}

/** What a campaign came to. */
export interface Summary {
  readonly faults: number;
  readonly studies: number;
  readonly points: number;
  readonly lost: number;
  readonly wrong: number;
  /** Points that were solved and are solved again, by the last heartbeats of those who died and by retries. */
  readonly solvedAgain: number;
}

/** Strikes study after study with faults that a seed has chosen, and judges what came of each. */
export async function campaign(options: CampaignOptions): Promise<Summary> {
  const dice = new Dice(options.seed);
  const choice = FAULTS.filter(({ seconds }) => seconds <= options.secondsAFault);
  // Minutes of waiting are worth it once.
  const quick = choice.filter(({ seconds }) => seconds < LONG_SECONDS);
  const cluster = await Cluster.start();
  const sum = { faults: 0, studies: 0, points: 0, lost: 0, wrong: 0, solvedAgain: 0 };
  try {
    const truth = await undisturbed(cluster);
    while (sum.faults < options.faults) {
      const wanted = Math.min(1 + dice.below(MOST_FAULTS), options.faults - sum.faults);
      // Every kind in turn, so that a short campaign has many; chance decides the rest.
      const kinds = sum.faults < choice.length ? choice : quick;
      const planned = Array.from(
        { length: wanted },
        (_, i) => kinds[(sum.faults + i) % kinds.length]!,
      );
      const { struck, solvedAgain, ...verdict } = await strikeStudy(cluster, planned, truth, dice);
      sum.faults += struck.length;
      sum.studies += 1;
      sum.points += truth.size;
      sum.lost += verdict.lost;
      sum.wrong += verdict.wrong;
      sum.solvedAgain += solvedAgain + verdict.retried;
      options.tell(
        `${sum.faults}: ${struck.join(', ')}: ${JSON.stringify({ ...verdict, solvedAgain })}`,
      );
    }
    return sum;
  } finally {
    await cluster.remove();
  }
}

async function undisturbed(cluster: Cluster): Promise<Truth> {
  const store = await cluster.newStore('undisturbed');
  const words = ['run', 'study.yaml', '--store', store, '--engine', 'local'];
  const { exitCode, stderr } = await ufmSweep(words, { cwd: cluster.folder });
  if (exitCode !== 0) throw new Error(`the undisturbed run ended with ${exitCode}: ${stderr}`);
  cluster.storeFolder = store;
  return truthOf(cluster.store, STUDY_NAME);
}

async function strikeStudy(
  cluster: Cluster,
  planned: readonly Fault[],
  truth: Truth,
  dice: Dice,
): Promise<Awaited<ReturnType<typeof judge>> & { struck: string[]; solvedAgain: number }> {
  const store = await cluster.newStore(`store-${dice.below(1e9)}`);
  // Only a fault of the disk notices, and where nobody may make one it does not strike.
  await mountSmallDisk(store);
  try {
    await cluster.run(store);
    const reference = await savedStudy(cluster);
    const struck: string[] = [];
    let solvedAgain = 0;
    for (const fault of planned) {
      const moment = dice.of(MOMENTS);
      const inTime = await waitFor(moment, cluster, reference);
      // What has landed can be damaged at any time; a process that has ended cannot be killed.
      if (!inTime && !fault.damages) continue;
      const lost = await fault.strike(cluster, reference, dice);
      if (lost === null) continue;
      solvedAgain += lost;
      struck.push(`${fault.name} (${inTime ? moment : 'at the end'})`);
    }
    const { code, stdout } = await cluster.end();
    const damaged = planned.some(({ damages }) => damages);
    // Who runs a study is told that points which had landed are gone.
    if (code !== EXIT.done && !(damaged && code === EXIT.failedPoints)) {
      const log = await readFile(path.join(cluster.folder, 'client.log'), 'utf8');
      throw new Error(
        `after ${struck.join(', ')} the client ended with ${code}: ${log.slice(-1000)} ${stdout.slice(0, 300)}`,
      );
    }
    return { ...(await judge(cluster, STUDY_NAME, truth, damaged)), struck, solvedAgain };
  } finally {
    await unmountSmallDisk(store);
    await rm(store, { recursive: true, force: true });
  }
}

/** The study as the client has saved it. */
async function savedStudy(cluster: Cluster): Promise<StudyReference> {
  const version = await vi.waitUntil(() => latestVersion(cluster.store, STUDY_NAME), {
    timeout: 60_000,
    interval: 20,
  });
  return referenceTo(cluster.store, version);
}
