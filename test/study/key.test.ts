import { describe, expect, it } from 'vitest';
import { instanceAt } from '../../study/expand.js';
import { pointKey, specHash } from '../../study/key.js';
import type { Instance } from '../../study/instance.js';
import { studyOf } from './studies.js';

const tensor = { solver: { kind: 'tensor', tolerance: 1e-6, polish: true } } as const;
const exact = { solver: { kind: 'exact', tolerance: 1e-6, polish: true } } as const;
const point = {
  classes: 4,
  majorityClasses: 2,
  majoritySamples: 20,
  minoritySamples: 10,
  lambda: 0.01,
  seed: 1,
} as const;
const instance = instanceAt(tensor, point);

describe('a point key', () => {
  it('is SHA-256 in hex, and stays what it is: stores depend on it', () => {
    expect(pointKey(instance, 1)).toMatchInlineSnapshot(
      `"362da27e9db9aff8dc3771073e933d345902935fd78b60fe667d7945bd33eb98"`,
    );
  });

  it('is that of the instance, however the coordinates say it', () => {
    const same = instanceAt(tensor, {
      samples: [10, 20, 20, 10],
      lambdaW: 0.01,
      lambdaH: 0.01,
      lambdaB: 'none',
      featureDimension: 4,
      seed: 1,
    });
    expect(pointKey(same, 1)).toBe(pointKey(instance, 1));
  });

  it('does not depend on the order of fields', () => {
    const reversed = Object.fromEntries(
      Object.entries(instance).toReversed(),
    ) as unknown as Instance;
    expect(pointKey(reversed, 1)).toBe(pointKey(instance, 1));
  });

  it('is the same for what the exact solver ignores, and differs for what the tensor solver does not', () => {
    const variant = { ...point, seed: 2, form: 'per-sample' } as const;
    expect(pointKey(instanceAt(exact, variant), 1)).toBe(pointKey(instanceAt(exact, point), 1));
    expect(pointKey(instanceAt(tensor, variant), 1)).not.toBe(pointKey(instance, 1));
  });

  it.each([
    ['clusters', [[4, 15]]],
    ['lambdaW', 0.010000000000000002],
    ['lambdaH', 0.02],
    ['lambdaB', 0],
    ['featureDimension', 5],
    ['form', 'per-sample'],
    ['solver', 'exact'],
    ['tolerance', 1e-7],
    ['polish', false],
    ['seed', 2],
  ])('changes with %s', (field, value) => {
    expect(pointKey({ ...instance, [field]: value }, 1)).not.toBe(pointKey(instance, 1));
  });

  it('changes with the numerical version', () => {
    expect(pointKey(instance, 2)).not.toBe(pointKey(instance, 1));
  });
});

describe('a spec hash', () => {
  const plain = `version: 1
name: s
defaults: {classes: 10, majorityClasses: 5}
grids:
  - name: g
    majoritySamples: [500, 600]
    minoritySamples: 100
    lambda: {from: 0.1, to: 0.3, step: 0.1}
`;
  const cosmetic = `# Other words, other layout, other order, defaults written out.
solver: {polish: true, tolerance: 0.000001, kind: tensor}
name: "s"
shardSize: auto
grids: [{minoritySamples: 1e2, lambda: [0.1, 0.2, 0.3], form: class-means, majoritySamples: [500, 600], seed: 1,
  classes: 10, majorityClasses: [5], lambdaB: none, name: g}]
version: 1
`;

  it('has 16 hex digits and does not change with the looks of the file', () => {
    expect(specHash(studyOf(plain))).toMatch(/^[0-9a-f]{16}$/);
    expect(specHash(studyOf(cosmetic))).toBe(specHash(studyOf(plain)));
  });

  it.each([
    ['0.3', '0.4'],
    ['name: s', 'name: t'],
    ['majorityClasses: 5', 'majorityClasses: 4'],
  ])('changes with what the file says: %s to %s', (before, after) => {
    expect(specHash(studyOf(plain.replace(before, after)))).not.toBe(specHash(studyOf(plain)));
  });
});
