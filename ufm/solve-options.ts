import type { DeviceChoice } from './tensor/backend.js';

export interface SolveOptions {
  /** Where the tensor solver runs; the exact solver needs no device. */
  readonly device: DeviceChoice;
  /** Stops between steps; what it aborts with is thrown. */
  readonly signal?: AbortSignal;
  /** Called with the number of instances that have ended since the last call. */
  readonly onEnded?: (count: number) => void;
}

/** What a caller may leave out, filled in. */
export type Surroundings = Required<SolveOptions>;
