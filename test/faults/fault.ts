import type { StudyReference } from '../../study/orchestration.js';
import type { Cluster } from './cluster.js';
import type { Difference } from '../changed-build.js';
import type { Dice } from './dice.js';
import type { Moment } from './moments.js';

/** A fault, as it strikes a study under way. */
export interface Fault {
  readonly name: string;
  /** Whether it may take what has landed; then `verify` says so, and `retry` mends it. */
  readonly damages: boolean;
  /** Seconds that it takes, about; the short suite has none of the long ones. */
  readonly seconds: number;
  /** The moments at which it strikes; any unless stated. */
  readonly moments?: readonly Moment[];
  /** How the program that has begun the study differs from today's. It strikes studies that have ended, too. */
  readonly begunBy?: Difference;
  /** @returns points whose solving was under way, and is lost; null where there was nothing to strike */
  strike(cluster: Cluster, reference: StudyReference, dice: Dice): Promise<number | null>;
}

/** Longer than the six seconds after which a worker without a heartbeat is given up. */
export const PAST_HEARTBEAT_MS = 8_000;

/** What has to happen has happened by then, on a machine that has much else to do, too. */
export const PATIENCE_MS = 180_000;

/** The solvers of a cluster. */
export const SOLVERS = ['solver-1', 'solver-2'] as const;
