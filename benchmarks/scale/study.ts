/** Points of a study, >= 1,000 and a multiple of it; each a grid of 100 x 10 class profiles by so many lambdas. */
export function studyText(points: number, shardSize: number): string {
  return `version: 1
name: scale-${points}
shardSize: ${shardSize}
defaults: {classes: 10, majorityClasses: 5, lambdaB: 0.02}
grids:
  - name: scale
    majoritySamples: {from: 110, to: 1100, points: 100}
    minoritySamples: [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    lambda: ${points === 1000 ? '0.005' : `{from: 0.001, to: 0.01, points: ${points / 1000}}`}
solver: {kind: exact, tolerance: 1e-9}
`;
}
