import type { Instance } from '../study/instance.js';
import type { Certificate } from './certificate.js';
import type { Geometry } from './geometry.js';
import { withoutVanished } from './geometry/vanished.js';
import type { Solution } from './solution.js';
import type { WithinClassVariability } from './first-order/within-class.js';

/** How an instance was solved, whatever came of it. */
export type Run = Pick<
  Solution,
  'iterations' | 'polishIterations' | 'seconds' | 'backend' | 'device'
>;

/** What was found of an instance that was solved. */
export interface Findings {
  readonly objective: number;
  readonly certificate: Certificate;
  readonly geometry: Geometry;
  readonly relativeGapBeforePolish: number | null;
  readonly withinClass: WithinClassVariability | null;
  /** Why the gap is above the tolerance, and what to do, where the solver knows; null elsewhere. */
  readonly reasonForGap: string | null;
}

const NO_BOUND =
  'No lower bound but 0 is proved where the solver ended: with a free bias its predictions could not be balanced in ' +
  'float64. Use solver: exact, a larger lambda, or a smaller ratio of sample counts.';

/** The solution of an instance with an iterate; the gap decides whether it is certified. */
export function found(instance: Instance, run: Run, findings: Findings): Solution {
  const { objective, certificate, geometry, relativeGapBeforePolish, withinClass } = findings;
  const gap = objective - certificate.lowerBound;
  const relativeGap = gap / objective;
  return {
    status: relativeGap <= instance.tolerance ? 'certified' : 'uncertified',
    objective,
    lowerBound: certificate.lowerBound,
    gap,
    relativeGap,
    relativeGapBeforePolish,
    collapsed: certificate.collapsed,
    meanCollapsed: certificate.meanCollapsed,
    ...withoutVanished(instance, certificate, geometry),
    withinClassVariability: finiteOrNull(withinClass?.traceRatio),
    withinClassVariabilityPinv: finiteOrNull(withinClass?.pseudoinverse),
    ...run,
    message: findings.reasonForGap ?? (certificate.lowerBound === 0 ? NO_BOUND : null),
  };
}

/** What a solution has only where there is a finite iterate. */
export const NOTHING_FOUND = {
  objective: null,
  lowerBound: null,
  gap: null,
  relativeGap: null,
  relativeGapBeforePolish: null,
  rank: null,
  singularValues: null,
  contrasts: null,
  collapsed: null,
  meanCollapsed: null,
  cosW: null,
  cosH: null,
  cosZ: null,
  normW: null,
  normH: null,
  normZ: null,
  bias: null,
  withinClassVariability: null,
  withinClassVariabilityPinv: null,
  etfDistanceW: null,
  etfDistanceH: null,
  etfDistanceZ: null,
  seliDistanceW: null,
  seliDistanceH: null,
  seliDistanceZ: null,
  orthogonalDistanceW: null,
  orthogonalDistanceH: null,
  orthogonalDistanceZ: null,
  selfDualityDistance: null,
} as const satisfies Omit<Solution, keyof Run | 'status' | 'message'>;

/** The solution of an instance of which nothing was found. */
export function lost(status: 'diverged' | 'failed', message: string, run: Run): Solution {
  return { status, ...NOTHING_FOUND, ...run, message };
}

/** NC1 has no value where the class means coincide. */
function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
