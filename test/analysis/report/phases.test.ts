import { describe, expect, it } from 'vitest';
import { toCsv } from '../../../analysis/report/download.js';
import { phaseFigures, phaseOf } from '../../../analysis/report/phases.js';
import { thresholdsOf, type TransitionSlice } from '../../../analysis/thresholds.js';
import { gridOf, range, syntheticPoint } from '../synthetic.js';

describe('phaseOf', () => {
  it.each([
    [0.003, 'no collapse'],
    [0.004, 'minority collapsed'],
    [0.006, 'minority mean zero'],
    [0.009, 'all collapsed'],
    [10 / 3000, 'undecided'],
  ])('at lambda %f is `%s`', (lambda, phase) => {
    expect(
      phaseOf(
        syntheticPoint(
          [
            [5, 500],
            [5, 100],
          ],
          lambda,
          'lambda',
          { lambda },
        ),
      ),
    ).toBe(phase);
  });

  it('is undecided where no class can collapse with another, or nothing is known', () => {
    const tail = syntheticPoint(
      [
        [1, 300],
        [1, 100],
      ],
      0.01,
      'lambda',
      { lambda: 0.01 },
    );
    expect(phaseOf(tail)).toBe('undecided');
    expect(phaseOf({ ...tail, collapsed: null })).toBe('undecided');
  });
});

/** Slices of a map, one an imbalance ratio, with as many points along lambda. */
function slicesOfMap(count: number, points: number): TransitionSlice[] {
  const ratios = range(2, 6, count);
  const lambdas = range(0.002, 0.02, points);
  const grid = gridOf({ imbalanceRatio: ratios, lambda: lambdas }, { locate: 'lambda' });
  return ratios.map((imbalanceRatio) => {
    const slice = {
      name: `imbalanceRatio=${imbalanceRatio}`,
      points: lambdas.map((lambda) =>
        syntheticPoint(
          [
            [5, 100 * imbalanceRatio],
            [5, 100],
          ],
          lambda,
          'lambda',
          { lambda, imbalanceRatio },
        ),
      ),
    };
    const thresholds = thresholdsOf(grid, 'lambda', slice);
    return { grid: 'grid', along: 'lambda', ...slice, thresholds };
  });
}

describe('phaseFigures', () => {
  it('draws every point of a small map, and the transitions over it', () => {
    const slices = slicesOfMap(5, 40);
    const [figure] = phaseFigures(slices);
    const points = figure!.rows.filter(([, , what]) => !String(what).includes(':'));
    expect(points).toHaveLength(200);
    expect(figure!.drawing.content.match(/<title>/g)).toHaveLength(200);
    expect(figure!.caption).not.toContain('Cells are drawn of');
    for (const { thresholds, points: members } of slices) {
      const found = thresholds.filter(({ refusal }) => refusal === null);
      expect(found.length).toBeGreaterThan(0);
      for (const { transition, estimate } of found) {
        const ratio = members[0]!.coordinates.imbalanceRatio;
        expect(figure!.rows).toContainEqual([
          estimate,
          ratio,
          `${transition}: estimate`,
          null,
          null,
          null,
        ]);
      }
    }
  });

  it('thins a large map out, says so, and keeps the ends of every transition that it draws', () => {
    const slices = slicesOfMap(120, 300);
    const [figure] = phaseFigures(slices);
    const { caption, drawing, rows } = figure!;
    expect(caption).toContain('40 of 120 slices, in each one point in 10');
    expect(drawing.content.match(/<title>/g)!.length).toBeLessThan(1800);
    expect(drawing.content.length + toCsv([], rows).length).toBeLessThan(1e6);
    const drawn = new Set(rows.map(([x, y]) => `${String(x)} ${String(y)}`));
    const ends = slices
      .filter((_, i) => i % 3 === 0)
      .flatMap(({ thresholds, points }) =>
        thresholds.flatMap(({ lower, upper }) =>
          [lower, upper].map(
            (x) => `${String(x)} ${String(points[0]!.coordinates.imbalanceRatio as number)}`,
          ),
        ),
      );
    expect(ends.length).toBeGreaterThan(200);
    expect(ends.filter((end) => !drawn.has(end) && !end.startsWith('null'))).toEqual([]);
  });
});
