import type { StartedBackend } from './start.js';

/** Plain loops over typed arrays: no tensor backend at all, and the fastest on a CPU for all but large batches. */
export function startLoops(): Promise<StartedBackend> {
  return Promise.resolve({ backend: 'loops', device: 'cpu' });
}
