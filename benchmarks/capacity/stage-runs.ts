import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { openStore } from '../../results/open-store.js';
import { saveStudy } from '../../results/studies.js';
import { specHash } from '../../study/key.js';
import { formatProblems, parseStudy } from '../../study/parse.js';
import type { StageUse } from './stage.js';

/** Files of a kind in a store. */
export interface Files {
  readonly objects: number;
  readonly bytes: number;
}

/** A study, a stage after the other, each in a process of its own. */
export interface StageRun {
  readonly points: number;
  readonly shards: number;
  /** Planning a study of which nothing has landed. */
  readonly plan: StageUse;
  /** Solving, encoding and writing; the CPU of planning, which comes before it, is subtracted. */
  readonly solve: StageUse;
  /** Planning again when all of it has landed. */
  readonly planAgain: StageUse;
  readonly analyze: StageUse;
  readonly plans: Files;
  readonly parts: Files;
}

/** Only plans a study, of which the plan's files are counted. */
export interface PlanRun {
  readonly points: number;
  readonly shards: number;
  readonly plan: StageUse;
  readonly plans: Files;
}

export function planRun(text: string, points: number): Promise<PlanRun> {
  return withStudy(text, async (folder) => {
    const plan = await runStage('plan', folder);
    return { points, shards: plan.shards, plan, plans: await filesBelow(folder, 'plans') };
  });
}

export function stageRun(text: string, points: number): Promise<StageRun> {
  return withStudy(text, async (folder) => {
    const plan = await runStage('plan', folder);
    const plans = await filesBelow(folder, 'plans');
    const both = await runStage('solve', folder);
    const parts = await filesBelow(folder, 'parts');
    const planAgain = await runStage('plan', folder);
    if (planAgain.cached !== points) throw new Error(`${planAgain.cached} points have landed`);
    return {
      points,
      shards: plan.shards,
      plan,
      solve: { ...both, cpuSeconds: both.cpuSeconds - plan.cpuSeconds },
      planAgain,
      analyze: await runStage('analyze', folder),
      plans,
      parts,
    };
  });
}

async function withStudy<T>(text: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-capacity-'));
  try {
    const parsed = parseStudy(text, 'study.yaml');
    if (!parsed.ok) throw new Error(formatProblems('study.yaml', parsed.problems));
    await saveStudy(openStore(folder), parsed.study, specHash(parsed.study), text);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runStage(stage: string, folder: string): Promise<StageUse> {
  const program = path.join(import.meta.dirname, 'stage.js');
  const { stdout } = await execa(process.execPath, [program, stage, folder], { stderr: 'inherit' });
  return JSON.parse(stdout) as StageUse;
}

/** The Parquet files that lie in a folder of this name, at any depth. */
async function filesBelow(folder: string, name: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    ({ parentPath, name: file }) => path.basename(parentPath) === name && file.endsWith('.parquet'),
  );
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name: file }) => (await stat(path.join(parentPath, file))).size),
  );
  return { objects: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
