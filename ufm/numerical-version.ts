/**
 * Part of the key of every point. Raised when the numbers that come out for an instance change. In a file of its own, since what
 * only reads results need not load the solvers, which takes a while.
 */
export const NUMERICAL_VERSION = 4;
