import * as Plot from '@observablehq/plot';
import { formatCount, formatInterval, formatNumber, formatPlace } from '../format.js';
import type { LawPlace, ThresholdLaw } from '../threshold-law.js';
import { everyNth } from '../thin-out.js';
import { draw } from './draw.js';
import type { Figure } from './figure.js';
import { gridLegend, gridStyles, unnamedText } from './grid-styles.js';
import { verdictText } from './law-text.js';
import { linearScale, scaleOf } from './scale.js';

/** Of more slices every n-th is drawn. */
const MOST_PLACES = 200;

/** What the law leaves of each slice, with the slice's own uncertainty; null when the law was refused. */
export function residualFigure(law: ThresholdLaw): Figure | null {
  if (law.refusal !== null) return null;
  const places = everyNth(law.places, MOST_PLACES).map((place) => ({
    ...place,
    percent: 100 * place.residual!,
  }));
  const styles = gridStyles(places.map(({ grid }) => grid));
  const reach = Math.max(
    ...places.map(({ percent, halfWidth }) => Math.abs(percent) + 100 * halfWidth),
  );
  const drawing = draw(`Residuals of the law of ${law.transition}`, {
    height: 300,
    marginLeft: 56,
    marginBottom: 42,
    marginTop: 34,
    x: {
      label: 'lambda at the transition',
      inset: 8,
      ...scaleOf(places.map(({ lambda }) => lambda)),
    },
    y: {
      label: 'lambda over the law, − 1 (%)',
      grid: true,
      domain: [-reach, reach],
      ...linearScale(reach, 5),
      inset: 4,
    },
    marks: [
      Plot.ruleY([0]),
      Plot.ruleX(places, {
        x: 'lambda',
        y1: ({ percent, halfWidth }: Residual) => percent - 100 * halfWidth,
        y2: ({ percent, halfWidth }: Residual) => percent + 100 * halfWidth,
        stroke: ({ grid }: LawPlace) => styles.get(grid)!.color,
        strokeOpacity: 0.6,
      }),
      Plot.dot(places, {
        x: 'lambda',
        y: 'percent',
        symbol: ({ grid }: LawPlace) => styles.get(grid)!.symbol,
        stroke: ({ grid }: LawPlace) => styles.get(grid)!.color,
        r: 2.5,
        title: (place: Residual) =>
          `${formatPlace(place.grid, place.slice)}\nlambda ${formatNumber(place.lambda)}, N ${formatNumber(place.samplesTotal)}, n ${formatNumber(place.clusterSamples)}\nresidual ${formatNumber(place.percent)} %\nlambda N / √n certified in ${formatInterval(ascending(place.reduced))}`,
      }),
    ],
  });
  return {
    title: `${law.transition}: what the law leaves`,
    caption: `Each slice with the 95 % interval of its estimate. ${verdictText(law)}${places.length < law.places.length ? ` ${places.length} of ${formatCount(law.places.length, 'slice')} are drawn.` : ''}${unnamedText(styles)}`,
    legend: gridLegend(styles),
    drawing,
    header: [
      'grid',
      'slice',
      'along',
      'lambda',
      'samples_total',
      'cluster_samples',
      'residual',
      'half_width',
    ],
    rows: places.map((place) => [
      place.grid,
      place.slice,
      place.along,
      place.lambda,
      place.samplesTotal,
      place.clusterSamples,
      place.residual,
      place.halfWidth,
    ]),
  };
}

type Residual = LawPlace & { readonly percent: number };

function ascending([a, b]: readonly [number, number]): readonly [number, number] {
  return a <= b ? [a, b] : [b, a];
}
