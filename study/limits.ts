/** The most classes of an instance: dense K x K work stays possible. */
export const LARGEST_CLASS_COUNT = 1000;

/** The most samples of a class: N <= 1e15 is still an exact integer in float64. */
export const LARGEST_SAMPLE_COUNT = 1e12;

/** The largest d, the length of a feature. */
export const LARGEST_FEATURE_DIMENSION = 10_000;

/** The most numbers (N x d) of the features of one per-sample instance: what a batch of one still holds. */
export const LARGEST_FEATURES = 2e7;

/** Of a random start. */
export const LARGEST_SEED = 2 ** 32 - 1;

/** Between these lie class weights, logit scales and feature penalties: what a formula makes of counts up to 1e12 as well. */
export const SMALLEST_FACTOR = 1e-15;
export const LARGEST_FACTOR = 1e15;

/** The largest exponent of a formula that makes such factors of sample counts, and the largest negative one. */
export const LARGEST_EXPONENT = 10;

/** The most that is taken off a logit, and the largest tau of the logit adjustment, of either sign. */
export const LARGEST_MARGIN = 100;
export const LARGEST_ADJUSTMENT = 100;

/** The most of E_W and E_H, the bounds of norms. */
export const LARGEST_BOUND = 1e12;

/** The relative duality gaps that a study may ask for. */
export const SMALLEST_TOLERANCE = 1e-14;
export const LARGEST_TOLERANCE = 0.1;

/** The most values on the axes of all grids together: all of them are in memory. */
export const MOST_VALUES = 1_000_000;
