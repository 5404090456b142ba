import { averageOverClusters } from '../blocks.js';
import { certify } from '../certificate.js';
import type { Vector } from './engine.js';
import { readIterate } from './iterate.js';
import type { Outcome, Standing } from './outcome.js';
import type { Member, State } from './state.js';
import { withinClassVariability } from './within-class.js';

/** The instances that go on, and the outcomes of those that ended, by their index. */
export interface Termination {
  readonly state: State;
  readonly ended: ReadonlyMap<number, Outcome>;
}

const MOST_EVALUATIONS = 1000;
/** An instance stagnates when its best gap has not fallen by this factor in so many evaluations. */
const PROGRESS = 0.9;
const PATIENCE = 200;
/** Where the gap is within rounding the arithmetic is near its end, and patience is not rewarded. */
const PATIENCE_WITHIN_ROUNDING = 30;
/** Evaluations without a look, at most. */
const LONGEST_WAIT = 50;

/**
 * Decides in float64 for every instance whether it ends, by what is proved where it stands: within its tolerance, without
 * progress, out of evaluations, or diverged. Those that end leave the batch.
 */
export async function terminate({ engine, members, batch }: State): Promise<Termination> {
  const vectors = await batch.read();
  const ended = new Map<number, Outcome>();
  const going: Member[] = [];
  const places: number[] = [];
  members.forEach((member, place) => {
    const judged = judge(member, vectors[place]!, engine.rounding);
    if ('end' in judged) {
      ended.set(member.index, judged);
    } else {
      going.push(judged);
      places.push(place);
    }
  });
  if (ended.size > 0 && going.length > 0) batch.keep(places);
  return { state: { engine, batch, members: going }, ended };
}

/** How an instance ended, or how it goes on. */
function judge(member: Member, vector: Vector, rounding: number): Outcome | Member {
  const { evaluations } = member;
  if (member.diverged) return { end: 'diverged', evaluations };
  if (!isDue(member, rounding)) return member;
  try {
    const standing = stand(member, vector);
    if (!Number.isFinite(standing.iterate.objective)) return { end: 'diverged', evaluations };
    const looks = record(member, standing);
    const end = reasonToEnd(member, looks, rounding);
    return end === null ? { ...member, looks } : { end, evaluations, arrival: looks.best };
  } catch (error) {
    return { end: 'failed', evaluations, message: (error as Error).message };
  }
}

function stand(member: Member, vector: Vector): Standing {
  const { instance, problem } = member;
  const iterate = readIterate(instance, problem, vector);
  const blocks = averageOverClusters(instance.clusters, iterate.logits, iterate.bias);
  const certificate = certify(instance, blocks);
  const relativeGap = (iterate.objective - certificate.lowerBound) / iterate.objective;
  const withinClass = withinClassVariability(instance, problem, vector);
  return { iterate, blocks, certificate, relativeGap, withinClass };
}

/**
 * Whether a look may pay. F / lambda has a curvature of at most about 2, so that no gap is below a quarter of |gradient|^2,
 * except where soft targets bend the loss more; and mostly the gap is in proportion to |gradient|, so that from one look to
 * the next this has to fall as the gap has to. What that overlooks is seen after the longest wait.
 */
function isDue(
  { instance, evaluations, steepness, looks: { last } }: Member,
  rounding: number,
): boolean {
  if (evaluations - last.evaluations >= LONGEST_WAIT) return true;
  const goal = Math.max(instance.tolerance, rounding);
  return steepness <= Math.min(4 * goal, last.steepness * (goal / last.relativeGap) ** 2);
}

function record({ evaluations, steepness, looks: { progress, best } }: Member, standing: Standing) {
  const { relativeGap } = standing;
  const last = { evaluations, steepness, relativeGap };
  return {
    last,
    progress: relativeGap <= PROGRESS * progress.relativeGap ? last : progress,
    best: best === null || relativeGap < best.relativeGap ? standing : best,
  };
}

function reasonToEnd(
  { instance, evaluations }: Member,
  { progress, best }: ReturnType<typeof record>,
  rounding: number,
) {
  if (best.relativeGap <= instance.tolerance) return 'certified';
  const patience = best.relativeGap > rounding ? PATIENCE : PATIENCE_WITHIN_ROUNDING;
  if (evaluations - progress.evaluations >= patience) return 'stagnated';
  return evaluations >= MOST_EVALUATIONS ? 'limit' : null;
}
