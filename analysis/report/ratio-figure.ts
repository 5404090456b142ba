import * as Plot from '@observablehq/plot';
import { formatCount, formatInterval, formatNumber, formatPlace } from '../format.js';
import type { RatioLaw, RatioPlace } from '../ratio-law.js';
import { everyNth } from '../thin-out.js';
import { draw } from './draw.js';
import type { Figure } from './figure.js';
import { linearScale } from './scale.js';
import { styleAt } from './series-style.js';

/** Of more slices of a division every n-th has a mark. */
const MOST_PLACES = 150;
/** Of more divisions of the classes, which shapes do not tell apart, the first have a line. */
const MOST_LAWS = 9;

/** The critical ratio against 1 / (lambda sqrt(n_B)), a line for each division of the classes; null for none. */
export function ratioFigure(laws: readonly RatioLaw[]): Figure | null {
  if (laws.length === 0) return null;
  const drawn = laws.slice(0, MOST_LAWS).map((law, i) => ({
    ...law,
    places: everyNth(law.places, MOST_PLACES),
    name: nameOf(law),
    style: styleAt(i),
  }));
  const places = drawn.flatMap((law) => law.places);
  const all = laws.flatMap((law) => law.places).length;
  const drawing = draw('Critical imbalance ratio against 1 / (lambda sqrt(n_B))', {
    height: 320,
    marginLeft: 46,
    marginBottom: 42,
    marginTop: 34,
    x: { label: '1 / (lambda √n_B)', inset: 8, ...linearScale(largestOf(places, 'reach'), 6) },
    y: { label: 'r*', grid: true, inset: 8, ...linearScale(largestOf(places, 'ratio'), 6) },
    marks: drawn.flatMap(({ places: shown, slope, intercept, style, name }) => [
      slope === null || intercept === null
        ? null
        : Plot.lineY(
            endsOf(shown).map((reach) => ({
              reach,
              ratio: intercept.estimate + slope.estimate * reach,
            })),
            { x: 'reach', y: 'ratio', stroke: style.color, strokeDasharray: style.dash },
          ),
      Plot.dot(shown, {
        x: 'reach',
        y: 'ratio',
        symbol: style.symbol,
        stroke: style.color,
        fill: style.color,
        r: 3,
        title: ({ grid, slice, lambda, minoritySamples, ratio }: RatioPlace) =>
          `${formatPlace(grid, slice)}\n${name}\nlambda ${formatNumber(lambda)}, n_B ${formatNumber(minoritySamples)}\nr* ${formatNumber(ratio)}`,
      }),
    ]),
  });
  return {
    title: 'The critical ratio r* = n_A / n_B',
    caption: `${drawn.map(captionOf).join(' ')}${places.length < all ? ` ${places.length} of ${formatCount(all, 'slice')} are drawn.` : ''}`,
    legend: drawn.map(({ name, style }) => [name, style]),
    drawing,
    header: [
      'majority_classes',
      'minority_classes',
      'grid',
      'slice',
      'lambda',
      'minority_samples',
      'ratio',
      'residual',
    ],
    rows: drawn.flatMap(({ majorityClasses, minorityClasses, places: shown }) =>
      shown.map(({ grid, slice, lambda, minoritySamples, ratio, residual }) => [
        majorityClasses,
        minorityClasses,
        grid,
        slice,
        lambda,
        minoritySamples,
        ratio,
        residual,
      ]),
    ),
  };
}

function nameOf({ majorityClasses, minorityClasses }: RatioLaw): string {
  return `k_A = ${majorityClasses}, k_B = ${minorityClasses}`;
}

function captionOf(law: RatioLaw): string {
  const { slope, intercept, refusal, possible } = law;
  if (slope === null || intercept === null) return `${nameOf(law)}: ${refusal ?? ''}.`;
  const verdict = possible === true ? '' : ' No line passes between the certified points.';
  return `${nameOf(law)}: slope ${formatNumber(slope.estimate)} (${formatInterval(slope.interval)}; theory ${formatNumber(slope.theory)}), intercept ${formatNumber(intercept.estimate)} (${formatInterval(intercept.interval)}; theory ${formatNumber(intercept.theory)}).${verdict}`;
}

function endsOf(places: readonly RatioPlace[]): number[] {
  const reaches = places.map(({ reach }) => reach);
  return [Math.min(...reaches), Math.max(...reaches)];
}

function largestOf(places: readonly RatioPlace[], of: 'reach' | 'ratio'): number {
  return places.reduce((most, place) => Math.max(most, place[of]), 0);
}
