import { describe, expect, it } from 'vitest';
import { parseInstanceLine } from '../../cli/instance-lines.js';
import { LONGEST_LINE, linesAsTheyCome, type Line } from '../../cli/lines.js';

const DEFAULTS = { tolerance: 1e-6, polish: true };
const GOOD = '"clusters": [[5, 100], [5, 10]], "lambda": 0.1';

const parse = (text: string) => parseInstanceLine({ number: 7, text }, DEFAULTS);

/** What is said about a line. */
function refusalOf(text: string): string {
  const parsed = parse(text);
  return parsed.ok ? 'none' : parsed.message;
}

async function linesOf(...reads: readonly string[]): Promise<Line[]> {
  async function* stream(): AsyncGenerator<string> {
    for (const read of reads) yield await Promise.resolve(read);
  }
  const lines: Line[] = [];
  for await (const batch of linesAsTheyCome(stream())) lines.push(...batch);
  return lines;
}

describe('a line', () => {
  it('is an instance, with what it leaves open filled in', () => {
    expect(parse(`{${GOOD}}`)).toMatchObject({
      ok: true,
      request: {
        id: undefined,
        instance: {
          lambdaW: 0.1,
          lambdaB: null,
          featureDimension: 10,
          solver: 'exact',
          tolerance: 1e-6,
        },
      },
    });
  });

  it.each([
    ['classes', '"clusters": [[8142, 100]], "lambda": 1', 'column 14: clusters[0][0]: must be at most 1000, not 8142'],
    ['classes in all', '"clusters": [[600, 2], [600, 1]], "lambda": 1', 'clusters: must have 2 to 1000 classes, not 1200'],
    ['samples', '"clusters": [[5, 1e13]], "lambda": 1', 'clusters[0][1]: must be at most 1000000000000'],
    ['a lambda', '"clusters": [[5, 10]], "lambda": 1e13', 'lambda: must be at most 1000000000000'],
    ['a feature', `${GOOD}, "feature_dim": 1000000000`, 'feature_dim: must be at most 10000, not 1000000000'],
    ['a seed', `${GOOD}, "seed": 99999999999`, 'seed: must be at most 4294967295, not 99999999999'],
    ['a tolerance', `${GOOD}, "tolerance": 5`, 'tolerance: must be at most 0.1, not 5'],
    ['numbers of a per-sample form', '"clusters": [[8, 1000000]], "lambda": 1, "form": "per-sample"', 'form is "per-sample"; it must be class-means above 20000000 numbers'],
    ['no infinity', '"clusters": [[5, 10]], "lambda": 1e999', 'lambda: must be a number, not infinity'],
  ])('has the bounds of a study file for %s', (_, members, message) => {
    expect(refusalOf(`{${members}}`)).toContain(message);
    expect(refusalOf(`{${members}}`)).toMatch(/^line 7[,:]/);
  }); // prettier-ignore

  it.each([
    ['lambda_w', 'lambda_W'],
    ['lambdaW', 'lambda_W'],
    ['feature_dimension', 'feature_dim'],
    ['featureDimension', 'feature_dim'],
    ['clustres', 'clusters'],
    ['solverKind', 'solver'],
  ])('with %s is asked for %s, and for nothing else', (key, name) => {
    const clusters = name === 'clusters' ? '[[5, 10]]' : '1';
    expect(refusalOf(`{${GOOD}, "${key}": ${clusters}}`)).toBe(
      `line 7, column 50: ${key}: unknown key; did you mean \`${name}\`?`,
    );
  });

  it('tells all its mistakes with their columns, of many the first', () => {
    expect(refusalOf('{"clusters": [[5, 10]], "lambda": -1, "seed": "x", "polish": 1}')).toBe(
      'line 7, column 35: lambda: must be above 0, not -1; column 47: seed: must be a number, not "x"; ' +
        'column 62: polish: must be `true` or `false`, not 1',
    );
    const many = Array.from({ length: 148 }, (_, i) => `"unknown${i}": 1`).join();
    expect(refusalOf(`{${GOOD}, ${many}}`)).toMatch(/; and 143 more$/);
    expect(refusalOf(`{${GOOD}, ${many}}`).length).toBeLessThan(2000);
  });

  it('says a key once, whatever stands in its id', () => {
    expect(refusalOf(`{${GOOD}, "lambda": 0.1}`)).toBe(
      'line 7, column 50: lambda: stands on this line already; keep one of the two',
    );
    expect(refusalOf(`{"id": {"a": 1, "a": "}\\"],{"}, ${GOOD}}`)).toBe('none');
  });

  it('keeps the text of its id, refused or not', () => {
    const id = '{"a": 12345678901234567890, "a": "\\u0022,}"}';
    expect(parse(`{ "id" :${id} ,${GOOD}}`)).toMatchObject({ ok: true, request: { id } });
    expect(parse(`{${GOOD.replace('0.1', '-1')},"id":1e400\t}`)).toMatchObject({
      ok: false,
      id: '1e400',
    });
  });

  it.each(['', 'x', '{', '[1]', 'null', '"a"', '{"__proto__": 1}', '[NaN]', '\u0000', '{"a":1}{'])(
    'of %j is refused plainly',
    (text) => {
      expect(refusalOf(text)).toMatch(/^line 7[,:] /);
    },
  );

  it('says of NaN that JSON has none', () => {
    expect(refusalOf(`{"id": NaN, ${GOOD}}`)).toMatch(/not JSON.*write null$/);
  });

  it('is read in time linear in its length', () => {
    const seconds = (length: number): number => {
      const start = process.cpuUsage();
      const keys = Array.from({ length }, (_, i) => `"k${i}": [[{"x": "${'y'.repeat(20)}"}]]`);
      expect(refusalOf(`{${keys.join()}}`)).toMatch(/more$/);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1e6;
    };
    seconds(2000);
    // Sixteen times as many: by 256 would the time of quadratic work grow.
    expect(seconds(16_000)).toBeLessThan(100 * Math.max(seconds(1000), 0.02));
  });
});

describe('a line with remedies', () => {
  /** The instance of a line with these members besides two clusters. */
  const instanceOf = (members: string) => {
    const parsed = parse(`{"clusters": [[5, 100], [5, 10]], ${members}}`);
    return parsed.ok ? parsed.request.instance : parsed.message;
  };

  it('has every name of the study file, in snake case', () => {
    const members =
      '"lambda": 0.1, "class_weights": [0.6, 3], "label_smoothing": 0.1, "label_noise": 0.2, "logit_adjustment": -1, ' +
      '"margins": [0.3, 0.5], "logit_scales": [1, 0.5], "feature_penalties": [0.01, 0.1]';
    expect(instanceOf(members)).toMatchObject({
      classWeights: [0.6, 3],
      labelSmoothing: 0.1,
      labelNoise: 0.2,
      logitAdjustment: -1,
      margins: [0.3, 0.5],
      logitScales: [1, 0.5],
      featurePenalties: [0.01, 0.1],
      solver: 'exact',
    });
    expect(instanceOf('"lambda": 0.1, "loss": "squared-error"')).toMatchObject({ loss: 'squared-error' }); // prettier-ignore
    expect(instanceOf('"lambda": 0.1, "features": "nonnegative"')).toMatchObject({ features: 'nonnegative' }); // prettier-ignore
    expect(instanceOf('"bound_w": 1, "bound_h": 5')).toMatchObject({ boundW: 1, boundH: 5, lambdaW: 0, lambdaH: 0 }); // prettier-ignore
    const fixed = { classifier: 'fixed-etf', lambdaW: 0, lambdaH: 0.1 };
    expect(instanceOf('"lambda": 0.1, "classifier": "fixed-etf"')).toMatchObject(fixed);
    expect(instanceOf('"lambda_H": 0.1, "classifier": "fixed-etf"')).toMatchObject(fixed);
  });

  it('is that of the plain model where the names change nothing', () => {
    const idle =
      '"class_weights": [1, 1], "margins": [0, 0], "label_smoothing": 0, "loss": "cross-entropy", "features": "signed", "classifier": "learned"';
    expect(instanceOf(`"lambda": 0.1, ${idle}`)).toEqual(instanceOf('"lambda": 0.1'));
  });

  it('has a number for each cluster as it is written, and answers for each', () => {
    const parsed = parse(
      '{"clusters": [[2, 10], [3, 50], [1, 10], [4, 10]], "margins": [0, 1, 0, 2], "lambda": 1}',
    );
    expect(parsed).toMatchObject({
      ok: true,
      request: {
        instance: { clusters: [[3, 50], [4, 10], [3, 10]], margins: [1, 2, 0] },
        clusters: [{ classes: 2, place: 2 }, { classes: 3, place: 0 }, { classes: 1, place: 2 }, { classes: 4, place: 1 }],
      },
    }); // prettier-ignore
  });

  it.each([
    ['"margins": [1], "lambda": 1', 'margins: must have a number for each cluster of the classes, 2 of them, not 1'],
    ['"margins": [1, -1], "lambda": 1', 'margins[1]: must be at least 0, not -1'],
    ['"class_weights": {"exponent": 1}, "lambda": 1', 'class_weights: must be a list, not a mapping'],
    ['"label_smoothing": 1, "lambda": 1', 'label_smoothing: must be below 1, not 1'],
    ['"label_noise": 0.95, "lambda": 1', 'label_noise: is 0.95; it must be below (K - 1) / K = 0.9'],
    ['"classWeights": [1, 1], "lambda": 1', 'classWeights: unknown key; did you mean `class_weights`?'],
    ['"loss": "squared-error", "class_weights": [1, 2], "lambda": 1', 'class_weights: has no use with squared error'],
    ['"loss": "squared-error", "lambda_b": 0.02, "lambda": 1', 'lambda_b: has no use with squared error'],
    ['"loss": "squared-error", "solver": "tensor", "lambda": 1', 'loss: needs the solver `exact`'],
    ['"features": "nonnegative", "classifier": "fixed-etf", "lambda": 1', 'classifier: cannot be had together with nonnegative features'],
    ['"classifier": "fixed-etf", "lambda_W": 1, "lambda_H": 1', 'lambda_W: has no use with a fixed classifier'],
    ['"bound_w": 1, "bound_h": 1, "lambda": 1', 'norm bounds as both "bound_w" and "bound_h"'],
    ['"bound_w": 1', 'norm bounds as both "bound_w" and "bound_h"'],
    ['"lambda_H": 1', 'both "lambda_W" and "lambda_H"'],
  ])('is refused where names do not go together: %s', (members, message) => {
    expect(refusalOf(`{"clusters": [[5, 100], [5, 10]], ${members}}`)).toContain(message);
    expect(refusalOf(`{"clusters": [[5, 100], [5, 10]], ${members}}`)).toMatch(/^line 7[,:]/);
  }); // prettier-ignore

  it('reads every instance of the reference, whose numbers are those of the formulas', () => {
    const line =
      '{"clusters": [[3, 400], [2, 100], [3, 20]], "class_weights": [0.7814473031921372, 1.5628946063842744, 3.4947385815430136], ' +
      '"label_smoothing": 0.1, "logit_adjustment": -1.0, "margins": [0.23643540225079396, 0.334370152488211, 0.5], ' +
      '"logit_scales": [1.0, 0.6597539553864471, 0.4070905315369044], "feature_penalties": [0.05, 0.1, 0.22360679774997896], ' +
      '"lambda": 0.0012441109293962658, "lambda_b": 0.0}';
    expect(parse(line)).toMatchObject({ ok: true, request: { instance: { lambdaB: 0 } } });
  });
});

describe('the lines of a stream', () => {
  it('are whole and numbered, however they come', async () => {
    const whole = [
      { number: 1, text: 'one' },
      { number: 2, text: '' },
      { number: 3, text: 'three' },
    ];
    expect(await linesOf('\uFEFFone\n\nthree')).toEqual(whole);
    expect(await linesOf('\uFEFFo', 'ne', '\n', '\nth', 'ree')).toEqual(whole);
    expect(await linesOf()).toEqual([{ number: 1, text: '' }]);
  });

  it('are let go when they are too long, the others are not', async () => {
    const reads = Array.from({ length: 100 }, () => 'x'.repeat(LONGEST_LINE / 50));
    expect(await linesOf('a\n', ...reads, '\nb\n', 'x'.repeat(LONGEST_LINE))).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: null },
      { number: 3, text: 'b' },
      { number: 4, text: 'x'.repeat(LONGEST_LINE) },
    ]);
    expect(parseInstanceLine({ number: 2, text: null }, DEFAULTS)).toMatchObject({
      ok: false,
      message: 'line 2: has more than 1000000 characters; an instance has a few hundred',
    });
  });
});
