/** Exit codes of every command. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** Wrong usage or a wrong study file: nothing was changed. */
  badUsage: 2,
  /** Finished, but some points failed or diverged; their rows say why. */
  failedPoints: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
