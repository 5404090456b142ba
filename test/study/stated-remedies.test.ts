import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ImpossibleInstance } from '../../study/impossible.js';
import { sampleCount, type Cluster } from '../../study/instance.js';
import { statedRemedies } from '../../study/stated-remedies.js';

const TWO: Cluster[] = [
  [3, 50],
  [3, 10],
];
const THREE: Cluster[] = [
  [3, 400],
  [2, 100],
  [3, 20],
];

describe('class weights by an exponent', () => {
  it('fall with the samples, and have a mean of 1 over all samples', () => {
    const { classWeights } = statedRemedies({ classWeights: { exponent: 0.5 } }, THREE);
    expect(classWeights![1]! / classWeights![0]!).toBeCloseTo(2, 14);
    expect(classWeights![2]! / classWeights![0]!).toBeCloseTo(Math.sqrt(20), 14);
    const sum = THREE.reduce((all, [k, n], j) => all + k * n * classWeights![j]!, 0);
    expect(sum).toBeCloseTo(sampleCount(THREE), 10);
  });

  it('are those of inverse frequency for an exponent of 1', () => {
    const { classWeights } = statedRemedies({ classWeights: { exponent: 1 } }, TWO);
    expect(classWeights).toEqual([expect.closeTo(0.6, 15), expect.closeTo(3, 14)]);
  });

  it('are 1, without rounding, where all classes have as many samples', () => {
    for (const samples of [3, 7, 500, 123_457]) {
      const even: Cluster[] = [[10, samples]];
      for (const exponent of [0.1, 0.5, 1, 3]) {
        expect(statedRemedies({ classWeights: { exponent } }, even).classWeights).toEqual([1]);
      }
    }
  });

  it('do not depend on how a profile is written, to the last digit', () => {
    const state = { classWeights: { exponent: 0.3 } };
    const written = statedRemedies(state, [THREE[2]!, [1, 400], THREE[1]!, [2, 400]]).classWeights!;
    const canonical = statedRemedies(state, THREE).classWeights!;
    expect(written).toEqual([canonical[2], canonical[0], canonical[1], canonical[0]]);
  });
});

describe('the other formulas', () => {
  it('are margins of LDAM: the largest for the fewest samples', () => {
    const margins = { largest: 0.5, exponent: 0.25 };
    expect(statedRemedies({ margins }, THREE).margins).toEqual([
      0.5 * 0.05 ** 0.25,
      0.5 * 0.2 ** 0.25,
      0.5,
    ]);
  });

  it('are logit scales of CDT: 1 for the most samples', () => {
    const { logitScales } = statedRemedies({ logitScales: { exponent: 0.15 } }, TWO);
    expect(logitScales).toEqual([1, 0.2 ** 0.15]);
  });

  it('are feature penalties that are not scaled', () => {
    const { featurePenalties } = statedRemedies({ featurePenalties: { exponent: 1 } }, TWO);
    expect(featurePenalties).toEqual([0.02, 0.1]);
  });

  it('agree with the numbers of the reference instances', () => {
    const { classWeights } = statedRemedies({ classWeights: { exponent: 1 } }, THREE);
    const relative = [0.45625, 1.825, 9.125].map((value, j) => classWeights![j]! / value - 1);
    expect(Math.max(...relative.map(Math.abs))).toBeLessThan(1e-14);
    const { margins } = statedRemedies({ margins: { largest: 0.5, exponent: 0.25 } }, THREE);
    expect(margins![0]).toBeCloseTo(0.23643540225079396, 15);
    expect(margins![1]).toBeCloseTo(0.334370152488211, 15);
  });

  it('stay within the bounds of lists up to the most samples, or are refused with the cluster', () => {
    const wide: Cluster[] = [
      [1, 1e12],
      [1, 1],
    ];
    const state = { featurePenalties: { exponent: 1 }, classWeights: { exponent: 1 } };
    expect(statedRemedies(state, wide).featurePenalties![1]).toBe(1);
    expect(() => statedRemedies({ featurePenalties: { exponent: 2 } }, wide)).toThrow(
      expect.objectContaining({
        axis: 'featurePenalties',
        message: expect.stringMatching(/1000000000000 samples .* 1e-15 to/) as string,
      }),
    );
    expect(() => statedRemedies({ logitScales: { exponent: -10 } }, wide)).toThrow(
      ImpossibleInstance,
    );
  });
});

describe('a list', () => {
  it('is taken as it is given', () => {
    const state = { classWeights: [0.1, 7], margins: [0, 0], logitScales: [2, 2] };
    expect(statedRemedies(state, TWO)).toEqual(state);
  });

  it('has a number for each cluster, which are told where it has not', () => {
    expect(() => statedRemedies({ margins: [1, 2, 3] }, TWO)).toThrow(
      'must have a number for each cluster of the classes, 2 of them, not 3: the clusters are 3 x 50, 3 x 10 samples',
    );
  });
});

describe('numbers', () => {
  it('are kept as they are, those that are not stated are absent', () => {
    const state = { labelSmoothing: 0.1, labelNoise: 0.2, logitAdjustment: -1 };
    expect(statedRemedies(state, TWO)).toEqual(state);
    expect(statedRemedies({}, TWO)).toEqual({});
  });
});

describe('the documentation', () => {
  it('says the formulas', () => {
    const docs = readFileSync(new URL('../../docs/study-file.md', import.meta.url), 'utf8');
    for (const formula of [
      'omega_k = n_k^-exponent, scaled so that sum_k n_k omega_k = N',
      'm_k = largest (n_min / n_k)^exponent',
      'delta_k = (n_k / n_max)^exponent',
      'phi_k = n_k^-exponent',
    ]) {
      expect(docs).toContain(formula);
    }
  });
});
