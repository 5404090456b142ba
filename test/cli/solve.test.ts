import { describe, expect, it } from 'vitest';
import { compare } from '../ufm/reference-comparison.js';
import { REFERENCE_INSTANCES, type ReferenceInstance } from '../ufm/reference-instances.js';
import { ufmSweep } from './command.js';

interface Answer {
  readonly id: number;
  readonly status: string;
  readonly message?: string;
  readonly objective: number;
  readonly lower_bound: number;
  readonly relative_gap: number;
  readonly collapsed: readonly (boolean | null)[];
  readonly cos_W: readonly (readonly (number | null)[])[];
  readonly cos_H: readonly (readonly (number | null)[])[];
  readonly cos_Z: readonly (readonly (number | null)[])[];
  readonly solver: string;
}

async function solve(
  lines: readonly unknown[],
  options: readonly string[] = [],
): Promise<{ answers: Answer[]; exitCode: number | undefined }> {
  const input = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const { stdout, exitCode } = await ufmSweep(['solve', ...options], { input: input.join('\n') });
  const answers = stdout.split('\n').map((line) => JSON.parse(line) as Answer);
  return { answers, exitCode };
}

function asLine({ id, clusters, lambda, reg_b }: ReferenceInstance, solver: string): object {
  return { id, clusters, lambda, lambda_b: reg_b === null ? null : 2 * reg_b, solver };
}

describe.each([
  // A cosine moves with the square root of the gap, and more where a contrast is about to vanish: by up to 0.019 at a
  // gap of 1e-6, from three seeds on wasm and on native TensorFlow.
  { solver: 'exact', gap: 1e-9, cosine: 1e-8 },
  { solver: 'tensor', gap: 1e-6, cosine: 3e-2 },
])('solve by the $solver solver', ({ solver, gap, cosine }) => {
  it('agrees with independent solutions in objective, cosines and collapse', async () => {
    const { answers, exitCode } = await solve(
      REFERENCE_INSTANCES.map((instance) => asLine(instance, solver)),
    );
    expect(exitCode).toBe(0);
    expect(answers.map(({ id }) => id)).toEqual(REFERENCE_INSTANCES.map(({ id }) => id));
    for (const [i, answer] of answers.entries()) {
      const reference = REFERENCE_INSTANCES[i]!;
      const label = `instance ${reference.id}`;
      expect(answer.status, label).toBe('certified');
      expect(answer.relative_gap, label).toBeLessThanOrEqual(gap);
      expect(answer.lower_bound, label).toBeLessThanOrEqual(reference.objective);
      expect(Math.abs(answer.objective / reference.objective - 1), label).toBeLessThanOrEqual(gap);
      const comparison = compare(reference, {
        objective: answer.objective,
        relativeGap: answer.relative_gap,
        collapsed: answer.collapsed,
        cosW: answer.cos_W,
        cosH: answer.cos_H,
        cosZ: answer.cos_Z,
      });
      expect(comparison.wrongFlags, label).toBe(0);
      expect(comparison.cosines, label).toBeLessThan(cosine);
    }
  });
});

describe('solve', () => {
  const good = {
    clusters: [
      [5, 500],
      [5, 100],
    ],
    lambda: 0.003,
    lambda_b: 0.02,
  };

  it('answers every line in order, wrong ones with what is wrong, and exits 3', async () => {
    const { answers, exitCode } = await solve([
      { id: 1, ...good },
      'not JSON',
      { id: 3, ...good, lambda: -1 },
      { id: 4, ...good, lambda_W: 0.1 },
      { id: 5, ...good, clustres: [] },
      { id: 6, ...good },
    ]);
    expect(exitCode).toBe(3);
    expect(answers.map(({ status }) => status)).toEqual([
      'certified',
      'failed',
      'failed',
      'failed',
      'failed',
      'certified',
    ]);
    expect(answers[1]!.message).toMatch(/not JSON/);
    expect(answers[2]!.message).toMatch(/lambda/);
    expect(answers[3]!.message).toMatch(/"lambda_W" and "lambda_H"/);
    expect(answers[4]!.message).toMatch(/clustres/);
    expect(answers[5]!.id).toBe(6);
  });

  it('gives ids back digit by digit, and takes a mark of the order of bytes for none of the text', async () => {
    const ids = ['12345678901234567890', '1.0', '1e400', '"a"', '{"b":[9007199254740993, 2]}'];
    const lines = ids.map((id) => JSON.stringify(good).replace('{', `{"id": ${id} ,`));
    const { stdout, exitCode } = await ufmSweep(['solve'], {
      input: `\uFEFF${lines.join('\r\n')}`,
    });
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').map((line) => line.slice(0, line.indexOf(',"status"')))).toEqual(
      ids.map((id) => `{"id":${id}`),
    );
  });

  it('takes no tolerance that a study may not have', async () => {
    const { stderr, exitCode } = await ufmSweep(['solve', '--tolerance', '5'], { input: '' });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/Not from 1e-14 to 0\.1/);
  });

  it('keeps the order of the clusters as they were written, equal counts included', async () => {
    const { answers } = await solve([
      {
        ...good,
        clusters: [
          [2, 100],
          [5, 500],
          [3, 100],
        ],
      },
      good,
    ]);
    const [written, merged] = answers;
    expect(written!.objective).toBe(merged!.objective);
    expect(written!.cos_W[1]![1]).toBe(merged!.cos_W[0]![0]);
    expect(written!.cos_W[0]![2]).toBe(merged!.cos_W[1]![1]);
    expect(written!.collapsed).toHaveLength(3);
  });

  it('chooses the exact solver where it applies and the tensor solver where not', async () => {
    const { answers } = await solve([
      good,
      { ...good, feature_dim: 20 },
      {
        ...good,
        clusters: [
          [2, 20],
          [2, 5],
        ],
        lambda: 0.02,
        form: 'per-sample',
      },
    ]);
    expect(answers.map(({ solver }) => solver)).toEqual(['exact', 'tensor', 'tensor']);
  });
});
