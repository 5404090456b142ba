import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { solvePart, type PartTask, type SolvedPart } from '../../activities/solve-part.js';
import type { Solver } from '../../activities/solver.js';
import type { Surroundings, Worker } from '../../activities/surroundings.js';
import { openStore } from '../../results/open-store.js';
import { claimStore } from '../../results/store-identity.js';
import { saveStudy } from '../../results/studies.js';
import { referenceTo } from '../../results/study-reference.js';
import type { Store } from '../../results/store.js';
import type { Instance } from '../../study/instance.js';
import { specHash } from '../../study/key.js';
import type { StudyReference } from '../../study/orchestration.js';
import { formatProblems, parseStudy } from '../../study/parse.js';
import type { Solution } from '../../ufm/solution.js';
import { solveBatch } from '../../ufm/solve.js';

/** Nine exact points in shards of four; both thresholds lie on the axis. */
export const SMALL_STUDY = `
version: 1
name: small
shardSize: 4
defaults: {classes: 10, majorityClasses: 5, lambdaB: 0.02}
grids:
  - name: lambda
    majoritySamples: 500
    minoritySamples: 100
    lambda: {from: 0.003, to: 0.0078, points: 9}
solver: {kind: exact, tolerance: 1e-9}
`;

/** The same, with every transition bracketed. */
export const LOCATING_STUDY = SMALL_STUDY.replace('name: small', 'name: locating').replace(
  'points: 9}',
  'points: 9}\n    locate: {along: lambda, tolerance: 1e-3}',
);

/** A store in a new folder, which goes when the test ends. */
export async function newStore(): Promise<Store> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ufm-store-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return openStore(folder);
}

/** The same, which is a store already. */
export async function newMarkedStore(): Promise<Store> {
  const store = await newStore();
  await claimStore(store);
  return store;
}

/** Saves the study of a text as a run does. */
export async function saveText(store: Store, text: string): Promise<Required<StudyReference>> {
  const parsed = parseStudy(text, 'study.yaml');
  if (!parsed.ok) throw new Error(formatProblems('study.yaml', parsed.problems));
  const version = await saveStudy(store, parsed.study, specHash(parsed.study), text);
  return referenceTo(store, version);
}

export const worker: Worker = { identity: 'tester@here', codeVersion: '0.0.0' };

export const surroundings = (signal = new AbortController().signal): Surroundings => ({
  signal,
  attempt: 1,
  report: () => undefined,
});

/** Solves in this thread, remembers what it was asked, and may be told to change what it found. */
export class InlineSolver implements Solver {
  readonly asked: Instance[] = [];
  readonly lanes: number;
  readonly #change: (solution: Solution, index: number) => Solution;

  constructor(lanes = 1, change: (solution: Solution, index: number) => Solution = (same) => same) {
    this.lanes = lanes;
    this.#change = change;
  }

  async solve(
    instances: readonly Instance[],
    signal: AbortSignal,
    onEnded: (count: number) => void,
  ): Promise<readonly Solution[]> {
    signal.throwIfAborted();
    const first = this.asked.length;
    this.asked.push(...instances);
    const solutions = await solveBatch(instances, { device: 'cpu', signal, onEnded });
    return solutions.map((solution, i) => this.#change(solution, first + i));
  }

  async solvePart(
    task: PartTask,
    signal: AbortSignal,
    onEnded: (count: number) => void,
  ): Promise<SolvedPart> {
    const open = task.points.filter(({ key }) => !task.solved.has(key));
    const instances = open.map(({ instance }) => JSON.parse(instance) as Instance);
    const solutions = instances.length === 0 ? [] : await this.solve(instances, signal, onEnded);
    const solved = new Map(task.solved);
    const provenance = { ...task.provenance, solvedAt: new Date() };
    open.forEach(({ key }, i) => solved.set(key, { solution: solutions[i]!, provenance }));
    return solvePart({ ...task, solved }, { device: 'cpu', signal });
  }
}
