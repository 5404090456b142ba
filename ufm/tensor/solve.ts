import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { Instance } from '../../study/instance.js';
import { averageOverClusters, type BlockLogits } from '../blocks.js';
import { certify, type Certificate } from '../certificate.js';
import { compact, dispose, init, type BatchState, type Member } from './batch.js';
import { isExhausted } from './descent.js';
import { readIterate, type Iterate } from './iterate.js';
import { vectorLength, type Layout } from './layout.js';
import { step } from './step.js';
import { withinClassVariability, type WithinClassVariability } from './within-class.js';

/** How the tensor solver left an instance. */
export interface TensorOutcome {
  /**
   * `certified`: the relative gap is within the tolerance; `stagnated`: float32 finds no way further down;
   * `limit`: the evaluations are used up; `diverged`: a number was not finite.
   */
  readonly end: 'certified' | 'stagnated' | 'limit' | 'diverged';
  /** Evaluations of the objective. */
  readonly evaluations: number;
  /** Where it stopped; null when it diverged. */
  readonly arrival: Arrival | null;
}

export interface Arrival {
  readonly iterate: Iterate;
  /** The class-mean logits, averaged over the permutations of classes inside clusters. */
  readonly blocks: BlockLogits;
  readonly certificate: Certificate;
  readonly relativeGap: number;
  /** Null for class means. */
  readonly withinClass: WithinClassVariability | null;
}

export interface TensorOptions {
  readonly signal?: AbortSignal;
  /** Called with the number of instances that have ended since the last call. */
  readonly onEnded?: (count: number) => void;
}

/** Evaluations between two looks at the certificate. */
const STRIDE = 10;
const MOST_EVALUATIONS = 1000;
/** An instance whose best gap has not fallen by this factor in that many looks has stagnated. */
const PROGRESS = 0.9;
const PATIENCE = 10;

/** What the loop remembers of an instance between two looks. */
interface Watch {
  readonly bestGap: number;
  readonly looksSinceProgress: number;
}

/**
 * Solves instances of one shape in one batch, from their seeds. Every STRIDE evaluations it reads the variables and
 * certifies them in float64; who is within tolerance, stagnates or diverges leaves, and the batch is compacted when
 * half of it has left. Yields to the event loop at every look; the signal's reason is thrown when it aborts.
 */
export async function solveTensor(
  instances: readonly Instance[],
  options: TensorOptions = {},
): Promise<TensorOutcome[]> {
  const outcomes = new Map<number, TensorOutcome>();
  const watches = instances.map((): Watch => ({ bestGap: Infinity, looksSinceProgress: 0 }));
  let state = init(instances);
  try {
    while (outcomes.size < instances.length) {
      for (let i = 0; i < STRIDE; i++) state = await step(state);
      const before = outcomes.size;
      state = { ...state, members: await look(state, watches, outcomes) };
      options.onEnded?.(outcomes.size - before);
      await yieldToEvents();
      options.signal?.throwIfAborted();
      const left = instances.length - outcomes.size;
      if (left > 0 && left <= state.members.length / 2) state = compact(state);
    }
  } finally {
    dispose(state);
  }
  return instances.map((_, index) => outcomes.get(index)!);
}

/** Certifies every instance that is under way, files the outcomes of those that end, and marks them. */
async function look(
  state: BatchState,
  watches: Watch[],
  outcomes: Map<number, TensorOutcome>,
): Promise<Member[]> {
  const vectors = await state.vectors.variables.data<'float32'>();
  const length = vectorLength(state.layout);
  return state.members.map((member, place) => {
    if (outcomes.has(member.index)) return member;
    const { index, evaluations } = member;
    if (member.phase === 'diverged') {
      outcomes.set(index, { end: 'diverged', evaluations, arrival: null });
      return member;
    }
    const vector = vectors.subarray(place * length, (place + 1) * length);
    const standing = certifyIterate(member, state.layout, vector);
    watches[index] = watch(watches[index]!, standing.relativeGap);
    const end = ending(member, standing.relativeGap, watches[index]);
    if (end === null) return member;
    const withinClass = withinClassVariability(member, state.layout, vector);
    outcomes.set(index, { end, evaluations, arrival: { ...standing, withinClass } });
    return { ...member, phase: 'finished' };
  });
}

function certifyIterate({ instance, problem }: Member, layout: Layout, vector: Float32Array) {
  const iterate = readIterate(instance, problem, layout, vector);
  const blocks = averageOverClusters(instance.clusters, iterate.logits, iterate.bias);
  const certificate = certify(instance, blocks, iterate.objective);
  const relativeGap = (iterate.objective - certificate.lowerBound) / iterate.objective;
  return { iterate, blocks, certificate, relativeGap };
}

function watch({ bestGap, looksSinceProgress }: Watch, relativeGap: number): Watch {
  return relativeGap <= PROGRESS * bestGap
    ? { bestGap: relativeGap, looksSinceProgress: 0 }
    : { bestGap, looksSinceProgress: looksSinceProgress + 1 };
}

function ending(
  { instance, descent, evaluations }: Member,
  relativeGap: number,
  { looksSinceProgress }: Watch,
): TensorOutcome['end'] | null {
  if (!Number.isFinite(relativeGap)) return 'diverged';
  if (relativeGap <= instance.tolerance) return 'certified';
  if (isExhausted(descent) || looksSinceProgress >= PATIENCE) return 'stagnated';
  return evaluations >= MOST_EVALUATIONS ? 'limit' : null;
}
