import { describe, expect, it } from 'vitest';
import { relativeGap } from '../../../benchmarks/solvers/judge.js';
import type { Point } from '../../../benchmarks/solvers/requests.js';
import { forExactSolver, readWorkload } from '../../../benchmarks/solvers/workloads.js';
import { expandBlocks } from '../../../ufm/blocks.js';
import { solveExact } from '../../../ufm/exact/solve.js';

const instance = readWorkload('paper')[0]!;

/** The optimum as a peer would hand it in, its logits off by as much. */
function pointWith(error: number): Point {
  const { objective, blocks } = solveExact(forExactSolver(instance));
  const { logits, bias } = expandBlocks(instance.clusters, blocks);
  const K = bias!.length;
  const whole = logits.map((logit, at) => logit + bias![Math.floor(at / K)]!);
  return { objective, logits: Array.from(whole, (logit) => logit * (1 + error)) };
}

describe('the judge of the peers', () => {
  it('certifies an optimum, whose bias may be part of the logits', () => {
    expect(relativeGap(instance, pointWith(0))).toBeLessThan(1e-12);
  });

  it('does not certify an optimum whose predictions prove too little', () => {
    expect(relativeGap(instance, pointWith(0.01))).toBeGreaterThan(1e-6);
  });

  it('counts an objective that is too high', () => {
    const { objective, logits } = pointWith(0);
    const gap = relativeGap(instance, { objective: objective * (1 + 1e-5), logits });
    expect(gap).toBeCloseTo(1e-5, 8);
  });

  it('refuses an objective below the proven bound', () => {
    const { objective, logits } = pointWith(0);
    expect(() => relativeGap(instance, { objective: objective * 0.999, logits })).toThrow(
      /lies below the proven bound/,
    );
  });
});
