import type { StudyReference } from '../../study/orchestration.js';
import type { Cluster } from './cluster.js';
import type { Dice } from './dice.js';

/** A fault, as it strikes a study under way. */
export interface Fault {
  readonly name: string;
  /** Whether it may take what has landed; then `verify` says so, and `retry` mends it. */
  readonly damages: boolean;
  /** Seconds that it takes, about; the short suite has none of the long ones. */
  readonly seconds: number;
  /** @returns points whose solving was under way, and is lost; null where there was nothing to strike */
  strike(cluster: Cluster, reference: StudyReference, dice: Dice): Promise<number | null>;
}

/** Longer than the six seconds after which a worker without a heartbeat is given up. */
export const PAST_HEARTBEAT_MS = 8_000;

/** The solvers of a cluster. */
export const SOLVERS = ['solver-1', 'solver-2'] as const;
