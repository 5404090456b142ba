import type { Progress } from './orchestration.js';

/**
 * How a study, or a run of it, ended. `done`: to the end, failed points included; `cancelled`: by a request to the study;
 * `interrupted`: whoever ran it was asked to stop, and the study is there to go on with; `failed`: planning or analyzing failed
 * for good.
 */
export type Ending =
  | { readonly state: 'done'; readonly progress: Progress }
  | { readonly state: 'cancelled' | 'interrupted' }
  | { readonly state: 'failed'; readonly message: string };
