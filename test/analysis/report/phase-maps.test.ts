import { describe, expect, it } from 'vitest';
import { toCsv } from '../../../analysis/report/download.js';
import { phaseMaps } from '../../../analysis/report/phase-maps.js';
import { phaseOf } from '../../../analysis/report/phase.js';
import { thresholdsOf, type TransitionSlice } from '../../../analysis/thresholds.js';
import { solvedSlices } from '../solved-slices.js';
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

  it('tells of a long tail, where no class can collapse with another, only whether anything is left', () => {
    const tail = syntheticPoint(
      [
        [1, 300],
        [1, 100],
      ],
      0.01,
      'lambda',
      { lambda: 0.01 },
    );
    expect(phaseOf({ ...tail, meanCollapsed: false })).toBe('something left');
    expect(phaseOf({ ...tail, meanCollapsed: true })).toBe('all collapsed');
    expect(phaseOf({ ...tail, meanCollapsed: null })).toBe('undecided');
  });

  it('is undecided where nothing is known', () => {
    const point = syntheticPoint([[5, 100]], 0.01, 'lambda', { lambda: 0.01 });
    expect(phaseOf({ ...point, collapsed: null })).toBe('undecided');
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

describe('phaseMaps', () => {
  it('draws every point of a small map, and the transitions over it', () => {
    const slices = slicesOfMap(5, 40);
    const figure = phaseMaps(slices)[0]!();
    const points = figure.rows.filter(([, , what]) => !String(what).includes(':'));
    expect(points).toHaveLength(200);
    expect(figure.drawing.content.match(/<title>/g)).toHaveLength(200);
    expect(figure.caption).not.toContain('Cells are drawn of');
    for (const { thresholds, points: members } of slices) {
      const found = thresholds.filter(({ refusal }) => refusal === null);
      expect(found.length).toBeGreaterThan(0);
      for (const { transition, estimate } of found) {
        const ratio = members[0]!.coordinates.imbalanceRatio;
        expect(figure.rows).toContainEqual([
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
    const figure = phaseMaps(slices)[0]!();
    const { caption, drawing, rows } = figure;
    expect(caption).toContain('40 of 120 slices, in each one point in 20');
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

  it('shades a long tail by how many singular values are left', async () => {
    const grid = gridOf(
      { sampleScale: [0.5, 1, 2, 4], lambda: range(0.002, 0.05, 12) },
      { locate: 'lambda', fixed: { samples: [400, 200, 100, 50] } },
    );
    const figure = phaseMaps(await solvedSlices(grid, 'lambda'))[0]!();
    expect(figure.header).toContain('rank');
    const ranks = figure.rows
      .filter(([, scale, what]) => scale === 1 && !String(what).includes(':'))
      .map(([, , , rank]) => rank as number);
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    expect([ranks[0], ranks.at(-1)]).toEqual([3, 0]);
    expect(figure.legend.map(([label]) => label)).toEqual([
      'something left',
      'all collapsed',
      'singular values 0 … 3',
    ]);
  });

  it('marks what is undecided by a shape of its own, and in ink that is seen on every shade', () => {
    const slices = slicesOfMap(5, 40).map((slice) => ({
      ...slice,
      points: slice.points.map((point, i) => (i % 7 === 0 ? { ...point, collapsed: null } : point)),
    }));
    const { legend } = phaseMaps(slices)[0]!();
    const styles = legend.flatMap(([, style]) => (style === 'shade' ? [] : [style]));
    expect(new Set(styles.map(({ symbol }) => symbol)).size).toBe(styles.length);
    expect(new Map(legend).get('undecided')).toMatchObject({
      symbol: 'times',
      color: 'currentColor',
    });
  });
});
