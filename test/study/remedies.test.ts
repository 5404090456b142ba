import { describe, expect, it } from 'vitest';
import { expandGrid, instanceAt } from '../../study/expand.js';
import { pointKey } from '../../study/key.js';
import { parseStudy } from '../../study/parse.js';
import { problemsOf, studyOf, studyText } from './studies.js';

const TWO = ['classes: 10', 'majorityClasses: 5', 'majoritySamples: 500', 'minoritySamples: 100'];
const EXACT = 'solverKind: exact';

/** The instances of a study whose grid has these lines besides two clusters. */
function instancesOf(...lines: string[]) {
  const study = studyOf(studyText(...TWO, ...lines));
  return [...expandGrid(study, study.grids[0]!)].map(({ instance }) => instance);
}

/** What is wrong with such a study. */
function wrongWith(...lines: string[]): string {
  return problemsOf(studyText(...TWO, ...lines))
    .map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`)
    .join('\n');
}

describe('a grid of remedies', () => {
  it('has axes of formulas, lists and numbers', () => {
    const instances = instancesOf(
      'lambda: 0.01',
      'classWeights: [{exponent: 0}, {exponent: 1}, [2, 3]]',
      'labelSmoothing: {from: 0, to: 0.2, points: 3}',
    );
    expect(instances.map(({ classWeights }) => classWeights?.length)).toEqual([undefined, undefined, undefined, 2, 2, 2, 2, 2, 2]); // prettier-ignore
    expect(instances.slice(0, 3).map(({ labelSmoothing }) => labelSmoothing)).toEqual([undefined, 0.1, 0.2]); // prettier-ignore
    expect(instances[8]).toMatchObject({ classWeights: [2, 3], labelSmoothing: 0.2 });
  });

  it('steps names together, whatever their values are', () => {
    const instances = instancesOf(
      'lambda: [0.01, 0.02, 0.03]',
      'margins: [[0, 1], {largest: 2, exponent: 0}, [1, 0]]',
      'logitAdjustment: [-1, 0, 1]',
      'logitScales: [{exponent: 0.1}, {exponent: 0}, [1, 2]]',
      'zip: [lambda, margins, logitAdjustment, logitScales]',
    );
    expect(instances).toMatchObject([
      { lambdaW: 0.01, margins: [0, 1], logitAdjustment: -1, logitScales: [1, 0.2 ** 0.1] },
      { lambdaW: 0.02, margins: [2, 2] },
      { lambdaW: 0.03, margins: [1, 0], logitAdjustment: 1, logitScales: [1, 2] },
    ]);
    expect(instances[1]).not.toHaveProperty('logitAdjustment');
    expect(instances[1]).not.toHaveProperty('logitScales');
  });

  it('leaves out what `exclude` names by its value', () => {
    const instances = instancesOf(
      'lambda: 0.01',
      'classWeights: [{exponent: 0.5}, [1, 2]]',
      'labelNoise: [0, 0.1]',
      'exclude: [{classWeights: [[1, 2]], labelNoise: 0.1}]',
    );
    expect(instances).toHaveLength(3);
  });

  it('has fields in the order of canonical JSON, so that a million keys are made fast', () => {
    const [instance] = instancesOf('lambda: 0.01', 'margins: [0, 1]', 'labelNoise: 0.1', 'featurePenalties: {exponent: 1}'); // prettier-ignore
    expect(Object.keys(instance!)).toEqual(Object.keys(instance!).toSorted());
  });

  it('has the bounds of each name', () => {
    const wrong = wrongWith(
      'lambda: 0.01',
      'labelSmoothing: 1',
      'labelNoise: -0.1',
      'logitAdjustment: 101',
      'margins: [0, -1]',
      'classWeights: [0, 1]',
      'logitScales: {exponent: 11}',
      'featurePenalties: {exponnt: 1}',
      'features: negative',
    );
    for (const part of [
      'labelSmoothing: must be below 1, not 1',
      'labelNoise: must be at least 0, not -0.1',
      'logitAdjustment: must be at most 100, not 101',
      'margins.1: must be at least 0, not -1',
      'classWeights.0: must be at least 1e-15, not 0',
      'logitScales.exponent: must be at most 10, not 11',
      'featurePenalties.exponnt: unknown key; did you mean `exponent`?',
      'features: must be one of `signed`, `nonnegative`, not "negative"',
    ]) {
      expect(wrong).toContain(part);
    }
  });

  it('says which profile leaves a list or a noise without sense', () => {
    expect(wrongWith('lambda: 1', 'margins: [1, 2, 3]')).toMatch(
      /^margins: must have a number for each cluster .* 5 x 500, 5 x 100 samples$/,
    );
    const wrong = problemsOf(
      studyText('samples: [[9, 5, 5, 1], [9, 9]]', 'lambda: 1', 'labelNoise: [0.1, 0.6]'),
    );
    expect(wrong.map(({ message }) => message)).toEqual([
      'is 0.6; it must be below (K - 1) / K = 0.5, where labels say nothing (at samples=[9,9], labelNoise=0.6)',
    ]);
  });
});

describe('the clusters that a list is for', () => {
  const listed = (margins: string, ...profile: string[]) => {
    const study = studyOf(studyText(...profile, 'lambda: 1', `margins: ${margins}`));
    return [...expandGrid(study, study.grids[0]!)].map(({ instance }) => [instance.clusters, instance.margins]); // prettier-ignore
  };

  it('are those of `clusters` in their order, and of equal counts too', () => {
    expect(listed('[1, 2, 3]', 'clusters: [[2, 10], [3, 50], [4, 10]]')).toEqual([
      [[[3, 50], [4, 10], [2, 10]], [2, 3, 1]],
    ]); // prettier-ignore
    expect(listed('[1, 2]', 'clusters: [[5, 10], [5, 10]]')).toEqual([[[[5, 10], [5, 10]], [2, 1]]]); // prettier-ignore
  });

  it('are majority and minority, whichever has more samples, along an axis on which they meet', () => {
    const ratios = ['classes: 4', 'majorityClasses: 1', 'minoritySamples: 8', 'imbalanceRatio: [0.5, 1, 2]']; // prettier-ignore
    expect(listed('[5, 6]', ...ratios)).toEqual([
      [[[3, 8], [1, 4]], [6, 5]],
      [[[3, 8], [1, 8]], [6, 5]],
      [[[1, 16], [3, 8]], [5, 6]],
    ]); // prettier-ignore
  });

  it('are the distinct counts of `samples` and of a long tail, the most first, before they are scaled', () => {
    expect(listed('[1, 2]', 'samples: [10, 50, 10]')).toEqual([[[[1, 50], [2, 10]], [1, 2]]]); // prettier-ignore
    const scaled = listed('[1, 2]', 'samples: [10, 11, 10]', 'sampleScale: 0.1');
    expect(scaled).toEqual([[[[2, 1], [1, 1]], [2, 1]]]); // prettier-ignore
    expect(listed('[1, 2, 3]', 'classes: 3', 'longTail: {largest: 100, ratio: 100}')).toEqual([
      [[[1, 100], [1, 10], [1, 1]], [1, 2, 3]],
    ]); // prettier-ignore
  });

  it('make equal problems equal points, however they are written', () => {
    const study = studyOf(
      studyText('clusters: [[1, 5], [2, 9], [3, 5]]', 'lambda: 1', 'margins: [1, 2, 3]'),
    );
    const key = (clusters: readonly (readonly [number, number])[], margins: readonly number[]) =>
      pointKey(instanceAt(study, { clusters, margins, lambda: 1 }), 1);
    const first = key([[1, 5], [2, 9], [3, 5]], [1, 2, 3]); // prettier-ignore
    expect(key([[2, 9], [3, 5], [1, 5]], [2, 3, 1])).toBe(first); // prettier-ignore
    expect(key([[1, 9], [1, 5], [2, 5], [1, 5], [1, 9]], [2, 3, 3, 1, 2])).toBe(first); // prettier-ignore
    expect(key([[2, 9], [3, 5], [1, 5]], [2, 1, 3])).not.toBe(first); // prettier-ignore
  });
});

describe('lambda in units of the first collapse', () => {
  it('is that of the cluster that collapses first under the remedies', () => {
    const [plain, weighted] = instancesOf('lambdaOverThreshold: 1', 'classWeights: [{exponent: 0}, {exponent: 1}]'); // prettier-ignore
    expect(plain!.lambdaW).toBe(Math.sqrt(100) / 3000);
    expect(weighted!.lambdaW).toBeCloseTo((0.6 * Math.sqrt(500)) / 3000, 15);
  });

  it('knows classes that nothing tells apart, however they are written', () => {
    const study = studyOf(studyText('clusters: [[1, 10], [1, 10]]', 'lambdaOverThreshold: 1'));
    const at = (margins: number[]) =>
      instanceAt(study, { clusters: [[1, 90], [1, 9], [1, 90]], margins, lambdaOverThreshold: 1 }); // prettier-ignore
    // The two of 90 samples are a cluster, and the one of 9 has nothing to collapse with.
    expect(at([0.5, 1, 0.5]).lambdaW).toBe(Math.sqrt(90) / 189);
    expect(at([0.5, 1, 0.25]).lambdaW).toBe(Math.sqrt(9) / 189);
  });

  it('has no unit with a fixed classifier, and none beside norm bounds', () => {
    expect(wrongWith(EXACT, 'classifier: fixed-etf', 'lambdaOverThreshold: 1')).toBe(
      'lambdaOverThreshold: has no unit with a fixed classifier: nothing collapses at any lambda',
    );
    expect(wrongWith(EXACT, 'normBounds: {w: 1, h: 1}', 'lambdaOverThreshold: 1')).toBe(
      'lambdaOverThreshold: `lambdaOverThreshold` and `normBounds` both say what keeps W and H small; keep one',
    );
  });
});

describe('another model', () => {
  it('is stated by a word, and the plain word is the plain model', () => {
    const instances = instancesOf(EXACT, 'lambda: 0.01', 'loss: [cross-entropy, squared-error]');
    const [plain] = instancesOf(EXACT, 'lambda: 0.01');
    expect(instances).toEqual([plain, { ...plain, loss: 'squared-error' }]);
    expect(instancesOf(EXACT, 'lambda: 0.01', 'features: signed', 'classifier: learned')).toEqual([plain]); // prettier-ignore
  });

  it('takes norm bounds in place of lambda', () => {
    const [instance] = instancesOf(EXACT, 'normBounds: {w: 2, h: 3}');
    expect(instance).toMatchObject({ boundW: 2, boundH: 3, lambdaW: 0, lambdaH: 0, lambdaB: null });
    expect(wrongWith(EXACT)).toMatch(/nothing says what lambda is; .*or `normBounds` in its place/);
  });

  it('takes lambdaH alone where the classifier is fixed, or any lambda as that', () => {
    const [weighed] = instancesOf(EXACT, 'classifier: fixed-etf', 'lambdaH: 0.01');
    expect(weighed).toMatchObject({ classifier: 'fixed-etf', lambdaW: 0, lambdaH: 0.01 });
    expect(instancesOf(EXACT, 'classifier: fixed-etf', 'lambda: 0.01')).toEqual([weighed]);
    expect(instancesOf(EXACT, 'classifier: fixed-etf', 'lambdaTimesN: 30')).toEqual([weighed]);
    expect(wrongWith(EXACT, 'classifier: [learned, fixed-etf]', 'lambdaH: 0.01')).toContain('needs `lambdaW` beside it'); // prettier-ignore
    expect(wrongWith(EXACT, 'classifier: fixed-etf', 'lambdaW: 1', 'lambdaH: 1')).toMatch(/^lambdaW: has no use with a fixed classifier/); // prettier-ignore
  });

  it('says at the name what it has no use for, and why', () => {
    expect(wrongWith(EXACT, 'lambda: 1', 'loss: squared-error', 'margins: [0, 1]')).toMatch(
      /^margins: has no use with squared error: it changes logits in the softmax/,
    );
    expect(wrongWith(EXACT, 'lambda: 1', 'loss: squared-error', 'margins: [0, 0]')).toBe('');
    expect(wrongWith(EXACT, 'lambda: 1', 'loss: [cross-entropy, squared-error]', 'lambdaB: [none, 0, 0.02]')).toMatch(
      /^lambdaB: has no use with squared error: .* \(at lambdaB=0.02, loss="squared-error"\)$/,
    ); // prettier-ignore
    expect(wrongWith('lambda: 1', 'features: nonnegative')).toBe('features: needs the solver `exact`: no other one has nonnegative features'); // prettier-ignore
    expect(wrongWith(EXACT, 'classifier: fixed-etf', 'lambda: 1', 'form: per-sample')).toMatch(/^form: cannot be per-sample/); // prettier-ignore
  });

  it('is left out of the defaults by a grid that says lambda', () => {
    const text = `version: 1
name: s
defaults: {classes: 4, majorityClasses: 2, majoritySamples: 20, minoritySamples: 10, normBounds: {w: 1, h: 1}}
solver: {kind: exact}
grids: [{name: bounded}, {name: weighed, lambda: 0.1}]
`;
    const parsed = parseStudy(text, 's.yaml');
    expect(parsed.ok && parsed.study.grids.map(({ fixed }) => 'normBounds' in fixed)).toEqual([true, false]); // prettier-ignore
  });
});
