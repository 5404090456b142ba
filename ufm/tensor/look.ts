import { averageOverClusters } from '../blocks.js';
import { certify } from '../certificate.js';
import type { BatchState, Member } from './batch.js';
import { readIterate } from './iterate.js';
import { vectorLength, type Layout } from './layout.js';
import type { Standing, TensorOutcome } from './outcome.js';
import { withinClassVariability } from './within-class.js';

/** What a look at a batch found: the members as they go on, and the outcomes of those that ended, by their index. */
export interface Look {
  readonly members: readonly Member[];
  readonly ended: ReadonlyMap<number, TensorOutcome>;
}

const MOST_EVALUATIONS = 1000;
/** An instance stagnates when its best gap has not fallen by this factor in so many looks. */
const PROGRESS = 0.9;
const PATIENCE = 20;
/** Below this relative gap float32 is near its end, and patience is not rewarded. */
const FLOAT32_GAP = 1e-6;
const PATIENCE_OF_FLOAT32 = 3;

/** Reads the variables of a batch and decides in float64 for every member whether it ends. */
export async function look({ vectors, layout, members }: BatchState): Promise<Look> {
  const values = await vectors.variables.data<'float32'>();
  const length = vectorLength(layout);
  const ended = new Map<number, TensorOutcome>();
  const next = members.map((member, place) => {
    if (member.phase === 'ended') return member;
    const vector = values.subarray(place * length, (place + 1) * length);
    const judged = judge(member, layout, vector);
    if (judged.outcome !== null) ended.set(member.index, judged.outcome);
    return judged.member;
  });
  return { members: next, ended };
}

function judge(member: Member, layout: Layout, vector: Float32Array) {
  const end = (outcome: TensorOutcome) => ({
    member: { ...member, phase: 'ended' as const },
    outcome,
  });
  const { evaluations } = member;
  if (member.phase === 'diverged') return end({ end: 'diverged', evaluations });
  try {
    const standing = stand(member, layout, vector);
    if (!Number.isFinite(standing.iterate.objective)) return end({ end: 'diverged', evaluations });
    const progress = advance(member.progress, standing.relativeGap);
    const reason = reasonToEnd({ ...member, progress }, standing.relativeGap);
    if (reason === null) return { member: { ...member, progress }, outcome: null };
    const withinClass = withinClassVariability(member, layout, vector);
    return end({ end: reason, evaluations, arrival: { ...standing, withinClass } });
  } catch (error) {
    return end({ end: 'failed', evaluations, message: (error as Error).message });
  }
}

function stand({ instance, problem }: Member, layout: Layout, vector: Float32Array): Standing {
  const iterate = readIterate(instance, problem, layout, vector);
  const blocks = averageOverClusters(instance.clusters, iterate.logits, iterate.bias);
  const certificate = certify(instance, blocks);
  const relativeGap = (iterate.objective - certificate.lowerBound) / iterate.objective;
  return { iterate, blocks, certificate, relativeGap };
}

function advance(
  { bestGap, looksSince }: Member['progress'],
  relativeGap: number,
): Member['progress'] {
  return relativeGap <= PROGRESS * bestGap
    ? { bestGap: relativeGap, looksSince: 0 }
    : { bestGap, looksSince: looksSince + 1 };
}

function reasonToEnd({ instance, evaluations, progress }: Member, relativeGap: number) {
  if (relativeGap <= instance.tolerance) return 'certified';
  const patience = progress.bestGap > FLOAT32_GAP ? PATIENCE : PATIENCE_OF_FLOAT32;
  if (progress.looksSince >= patience) return 'stagnated';
  return evaluations >= MOST_EVALUATIONS ? 'limit' : null;
}
