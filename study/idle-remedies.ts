import type { Problem } from './instance.js';
import { isRemedyList, REMEDY_NAMES, type Remedies, type RemedyList } from './remedies.js';

/** The entry of each list that changes nothing. */
const IDLE: Readonly<Record<RemedyList, number>> = {
  classWeights: 1,
  featurePenalties: 1,
  logitScales: 1,
  margins: 0,
};

/** A problem without the remedies that change nothing; itself where there are none. */
export function withoutIdle<P extends Problem>(problem: P): P {
  const idle = REMEDY_NAMES.filter((name) => isIdle(problem, name));
  if (idle.length === 0) return problem;
  const dropped = new Set<string>(idle);
  const left = Object.entries(problem).filter(([name]) => !dropped.has(name));
  return Object.fromEntries(left) as unknown as P;
}

/** Whether a name is there and changes nothing. To add to all logits of a sample alike changes no prediction. */
function isIdle(problem: Problem, name: keyof Remedies): boolean {
  const { [name]: value, clusters } = problem;
  if (value === undefined) return name in problem;
  if (isRemedyList(name)) return problem[name]!.every((entry) => entry === IDLE[name]);
  const isEven = clusters.every(([, samples]) => samples === clusters[0]![1]);
  return value === 0 || (name === 'logitAdjustment' && isEven);
}
