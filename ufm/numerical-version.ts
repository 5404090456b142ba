/**
 * Part of the key of every point. Raised when the numbers that come out for an instance change. It stands alone, since whoever
 * looks a point up needs it and no solver.
 */
export const NUMERICAL_VERSION = 4;
