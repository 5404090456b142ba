import { LARGEST_AXIS } from '../../study/range.js';

/** A study of exactly so many points, >= 2: a grid for as many values of lambda as an axis may have, and one minority size each. */
export function studyText(points: number, shardSize: number): string {
  const count = Math.ceil(points / LARGEST_AXIS);
  const grids = Array.from({ length: count }, (_, i) => {
    const values = Math.floor(points / count) + (i < points % count ? 1 : 0);
    const lambda = `{from: 0.001, to: 0.01, points: ${values}}`;
    return `  - {name: grid-${i}, minoritySamples: ${i + 1}, lambda: ${lambda}}`;
  });
  return `version: 1
name: trials
shardSize: ${shardSize}
defaults: {classes: 10, majorityClasses: 5, majoritySamples: 1000, lambdaB: 0.02}
grids:
${grids.join('\n')}
solver: {kind: exact, tolerance: 1e-9}
`;
}
