const SEEDS = 64;

/** As many points as `longStudy()` has. */
export const LONG_POINTS = 48 * SEEDS;

/**
 * Tensor points that need no polish, in shards of 64: on one thread they take seconds, which leaves time to
 * interrupt them.
 */
export function longStudy(seeds = SEEDS): string {
  return `
version: 1
name: long
shardSize: 64
defaults: {classes: 10, majorityClasses: 5, lambdaB: 0.02, seed: {from: 1, to: ${seeds}, step: 1}}
grids:
  - name: lambda
    majoritySamples: [200, 300, 400, 500]
    minoritySamples: 100
    lambda: {from: 0.0027, to: 0.0075, points: 12}
solver: {kind: tensor, tolerance: 1e-6, polish: true}
`;
}
