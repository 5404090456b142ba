import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { planRound } from '../../activities/plan.js';
import { solveShard } from '../../activities/solve-shard.js';
import { openStore } from '../../results/open-store.js';
import { InlineSolver, LOCATING_STUDY, saveText, surroundings, worker } from '../activities/small-study.js'; // prettier-ignore
import { temporaryFolder } from '../cli/command.js';

export const STORE = ['--store', 'store'] as const;
export const RUN = ['run', 'study.yaml', ...STORE, '--engine', 'local', '--threads', '1'] as const;

/** A study that the program of these sources was stopped at in its second round. */
export interface HalfDone {
  /** With `study.yaml` and the folder `store`. */
  readonly cwd: string;
  /** Points that have landed. */
  readonly landed: number;
}

export async function halfDone(): Promise<HalfDone> {
  const cwd = await temporaryFolder();
  await writeFile(path.join(cwd, 'study.yaml'), LOCATING_STUDY);
  const store = openStore(path.join(cwd, 'store'));
  const reference = await saveText(store, LOCATING_STUDY);
  let landed = 0;
  for (const [round, share] of [1, 0.5].entries()) {
    const { plan, shards } = await planRound(reference, round, false, surroundings());
    for (let shard = 0; shard < shards * share; shard += 1) {
      const job = { reference, plan, shard };
      landed += (await solveShard(job, new InlineSolver(), worker, surroundings())).points;
    }
  }
  return { cwd, landed };
}
