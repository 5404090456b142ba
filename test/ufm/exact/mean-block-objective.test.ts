import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../study/instance.js';
import {
  combine,
  copy,
  dot,
  zeroVariables,
  type BlockVariables,
} from '../../../ufm/exact/block-variables.js';
import { MeanBlockObjective } from '../../../ufm/exact/mean-block-objective.js';
import { convexProblem } from '../../../ufm/problem.js';
import { normal, uniform } from '../random-instances.js';
import { instanceOf } from '../reference-instances.js';

const clusters: readonly Cluster[] = [
  [3, 40],
  [1, 20],
  [2, 9],
];

function randomVariables(seed: number, scale: number): BlockVariables {
  const random = uniform(seed);
  const variables = zeroVariables(clusters.length);
  for (const part of ['mean', 'contrast', 'bias'] as const) {
    variables[part].forEach((_, at) => {
      variables[part][at] = scale * normal(random);
    });
  }
  variables.contrast[1] = 0;
  return variables;
}

describe.each([null, 0, 0.3])(
  'the objective of mean block, contrasts and bias, lambdaB %s',
  (lambdaB) => {
    const objective = new MeanBlockObjective(convexProblem(instanceOf(clusters, 1e-3, lambdaB)));
    const point = randomVariables(1, 2);
    const direction = randomVariables(2, 1);
    if (lambdaB === null) {
      point.bias.fill(0);
      direction.bias.fill(0);
    }
    const moved = (length: number) => {
      const there = zeroVariables(clusters.length);
      copy(point, there);
      combine(there, 1, length, direction);
      return there;
    };

    it('has the slope that differences show', () => {
      objective.expand(point);
      const slope = dot(objective.gradient, direction);
      const difference = (objective.expand(moved(1e-5)) - objective.expand(moved(-1e-5))) / 2e-5;
      expect(slope).toBeCloseTo(difference, 8);
    });

    it('has the curvature that differences of slopes show', () => {
      const other = randomVariables(3, 1);
      objective.expand(point);
      const curved = zeroVariables(clusters.length);
      objective.curve(direction, curved);
      const slopes = [1e-5, -1e-5].map((length) => {
        objective.expand(moved(length));
        return dot(objective.gradient, other);
      });
      expect(dot(curved, other)).toBeCloseTo((slopes[0]! - slopes[1]!) / 2e-5, 8);
    });

    it('has the diagonal that its curvature shows along the axes', () => {
      objective.expand(point);
      const J = clusters.length;
      const identity = Float64Array.from({ length: J * J }, (_, at) =>
        at % (J + 1) === 0 ? 1 : 0,
      );
      const diagonal = zeroVariables(J);
      objective.diagonal(identity, identity, diagonal);
      for (let at = 0; at < J * J; at++) {
        const axis = zeroVariables(J);
        axis.mean[at] = 1;
        const curved = zeroVariables(J);
        objective.curve(axis, curved);
        expect(diagonal.mean[at]).toBeCloseTo(curved.mean[at]!, 12);
      }
    });
  },
);
