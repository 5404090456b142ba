import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../study/instance.js';
import { shapeOf } from '../../../ufm/first-order/balance.js';
import { solveBatch } from '../../../ufm/solve.js';
import { memberInstance, REFERENCE_MEMBERS } from '../family/reference-members.js';
import { randomInstance, uniform } from '../random-instances.js';
import { randomMember } from '../random-members.js';
import { DEVICES } from './devices.js';
import { exampleInstance } from './example.js';
import { ALL_REMEDIES, REMEDIES } from './remedies.js';

const firstOrder = { solver: 'tensor', polish: false, tolerance: 1e-6, seed: 1 } as const;

describe.each(DEVICES)('first-order steps on %s on the family', (device) => {
  it('certify the optimum that others found of each kind of member', async () => {
    const instances = REFERENCE_MEMBERS.map((member) => memberInstance(member, firstOrder));
    const solutions = await solveBatch(instances, { device });
    solutions.forEach(({ status, objective, lowerBound }, i) => {
      const { kind, low, high } = REFERENCE_MEMBERS[i]!;
      expect(status, kind).toBe('certified');
      expect(objective, kind).toBeGreaterThanOrEqual(low);
      // Certified to 1e-6 of an optimum that is at most `high`.
      expect(objective, kind).toBeLessThanOrEqual(high * (1 + 1.1e-6));
      expect(lowerBound, kind).toBeLessThanOrEqual(high);
    });
  });

  it('certify samples at the optimum of their class means, whatever the remedies', async () => {
    const members = [...REMEDIES.map(([, remedies]) => remedies), ALL_REMEDIES];
    const ofForm = (form: Instance['form']) =>
      solveBatch(
        members.map((remedies) => exampleInstance({ ...remedies, form })),
        { device },
      );
    const [means, samples] = [await ofForm('class-means'), await ofForm('per-sample')];
    samples.forEach(({ status, objective, withinClassVariability }, i) => {
      expect(status).toBe('certified');
      expect(objective! / means[i]!.objective!).toBeCloseTo(1, 5);
      expect(withinClassVariability!).toBeLessThan(1e-3);
    });
  });
});

describe('first-order steps with the same logit scale for all classes', () => {
  it.each([1 / 16, 16])('take those of the equal problem without one, at %d', async (scale) => {
    const lambda = 0.001;
    const lambdaB = 0.02;
    const scaled = exampleInstance({
      logitScales: [scale, scale],
      lambdaW: scale * lambda,
      lambdaH: scale * lambda,
      lambdaB: scale ** 2 * lambdaB,
    });
    const plain = exampleInstance({ lambdaW: lambda, lambdaH: lambda, lambdaB });
    const [a, b] = await solveBatch([scaled, plain], { device: 'loops' });
    expect(a!.iterations).toBe(b!.iterations);
    expect(a!.objective! / b!.objective!).toBeCloseTo(1, 9);
  });
});

describe('first-order steps on random members', () => {
  const random = uniform(150);
  const instances = Array.from({ length: 200 }, (_, i) => {
    const plain = randomInstance(random, { clusterCount: 1 + (i % 4), mostClasses: 12 });
    return { ...randomMember(random, plain), ...firstOrder };
  });

  it('certify most of them in plain loops, and end above the lower bound in all', async () => {
    const solutions = await solveBatch(instances, { device: 'loops' });
    for (const { objective, lowerBound } of solutions) {
      expect(objective).toBeGreaterThanOrEqual(lowerBound!);
    }
    const certified = solutions.filter(({ status }) => status === 'certified');
    expect(certified.length).toBeGreaterThanOrEqual(175);
  });

  it('lead to the optimum with a polish', async () => {
    const polished = instances.map((instance) => ({ ...instance, polish: true, tolerance: 1e-9 }));
    const solutions = await solveBatch(polished, { device: 'loops' });
    expect(solutions.filter(({ status }) => status !== 'certified')).toEqual([]);
  });
});

describe('shapeOf', () => {
  it('tells instances apart whose losses have other kinds of terms, and no others', () => {
    const shapes = REMEDIES.map(([, remedies]) => shapeOf(exampleInstance(remedies)));
    const [weights, smoothing, noise, shift, otherShift, margins, scales, penalties] = shapes;
    const plain = shapeOf(exampleInstance());
    expect([weights, penalties]).toEqual([plain, plain]);
    expect(noise).toBe(smoothing);
    expect(otherShift).toBe(shift);
    expect(new Set([plain, smoothing, shift, margins, scales]).size).toBe(5);
  });
});
