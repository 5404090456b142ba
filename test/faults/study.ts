export const STUDY_NAME = 'faults';

/** File of a study of the same points under another name. */
export const BESIDE = 'beside.yaml';

/**
 * The file of a study: points of both solvers in small shards, and transitions to bracket in several rounds: seconds of work for two
 * solvers, with every kind of activity in it.
 */
export const studyOf = (name: string): string => `
version: 1
name: ${name}
shardSize: 32
defaults: {classes: 10, majorityClasses: 5, lambdaB: 0.02}
grids:
  - name: descent
    solverKind: tensor
    classes: 30
    majorityClasses: 15
    seed: {from: 1, to: 16, step: 1}
    majoritySamples: 400
    minoritySamples: 100
    lambda: {from: 0.0027, to: 0.0075, points: 12}
  - name: thresholds
    majoritySamples: [300, 400, 500]
    minoritySamples: 100
    lambda: {from: 0.003, to: 0.0078, points: 9}
    locate: {along: lambda, tolerance: 1e-4}
solver: {kind: exact, tolerance: 1e-6}
`;
