import * as Plot from '@observablehq/plot';
import { sampleCount } from '../../study/instance.js';
import { formatCount, formatInterval, formatNumber, formatPlace } from '../format.js';
import type { LawCoefficient, LawPlace, LawTerm, ThresholdLaw } from '../threshold-law.js';
import type { TransitionSlice } from '../thresholds.js';
import { transitionsOf } from '../transitions.js';
import { draw } from './draw.js';
import type { Figure } from './figure.js';
import { legend, styleAt, type SeriesStyle } from './series-style.js';

/** More marks than this would be a heavy page and a black square; every n-th point is drawn then. */
const MOST_MARKS = 1500;
/** How far around the transition curves are drawn, in units of the law. */
const WINDOW = [0.4, 1.6] as const;
/** Where the axis of lambda ends, in units of the geometric mean of all thresholds on the left. */
const WIDEST = 1.9;

interface Mark {
  readonly panel: string;
  readonly grid: string;
  readonly slice: string;
  /** lambda over its largest value in the figure, or over the law. */
  readonly x: number;
  readonly value: number;
  readonly lambda: number;
  readonly key: string;
}

/** Two panels: the curves of all slices against lambda, and against lambda in units of the law that was found. */
export function collapseFigure(
  law: ThresholdLaw,
  slices: readonly TransitionSlice[],
): Figure | null {
  const predict = predictor(law);
  if (predict === null) return null;
  const marks = law.places
    .flatMap((place) => marksOf(law, place, slices, predict))
    .filter(({ x }) => x <= WIDEST);
  if (marks.length === 0) return null;
  const step = Math.ceil(marks.length / MOST_MARKS);
  const styles = stylesOf(law.places.map(({ grid }) => grid));
  const panels = ['against lambda', 'in units of the law'];
  const largest = Math.max(...marks.map(({ value }) => value));
  const svg = draw(`Collapse of all slices at ${law.transition}`, {
    height: 320,
    marginLeft: 46,
    marginBottom: 42,
    marginTop: 44,
    fx: { label: null, domain: panels, padding: 0.08 },
    x: { label: 'lambda, scaled', domain: [0, WIDEST], ticks: [0.5, 1, 1.5] },
    y: { label: 'singular value / √n', grid: true, domain: [0, largest * 1.04], ticks: 5 },
    marks: [
      Plot.ruleY([0]),
      Plot.ruleX([{ panel: panels[1] }], { fx: 'panel', x: 1, strokeDasharray: '3 3' }),
      Plot.lineY(marks, {
        fx: 'panel',
        x: 'x',
        y: 'value',
        z: ({ grid, slice }: Mark) => formatPlace(grid, slice),
        stroke: ({ grid }: Mark) => styles.get(grid)!.color,
        strokeWidth: 0.8,
        strokeOpacity: 0.5,
      }),
      Plot.dot(
        panels.flatMap((panel) =>
          marks.filter((mark) => mark.panel === panel).filter((_, i) => i % step === 0),
        ),
        {
          fx: 'panel',
          x: 'x',
          y: 'value',
          symbol: ({ grid }: Mark) => styles.get(grid)!.symbol,
          stroke: ({ grid }: Mark) => styles.get(grid)!.color,
          r: 1.6,
          title: ({ grid, slice, lambda, value, key }: Mark) =>
            `${formatPlace(grid, slice)}\nlambda ${formatNumber(lambda)}\nsingular value / √n ${formatNumber(value)}\npoint ${key}`,
        },
      ),
    ],
  });
  return {
    title: `${law.transition}: all slices on one scale`,
    caption: `${formatCount(law.places.length, 'slice')}. Lambda in units of one number for all on the left, on the right of what the fitted law gives to each slice: ${lawText(law)}.`,
    legend: legend([...styles]),
    svg,
    header: [
      'grid',
      'slice',
      'lambda',
      'lambda_over_law',
      'singular_value_over_sqrt_n',
      'point_key',
    ],
    rows: marks
      .filter(({ panel }) => panel === panels[1])
      .map(({ grid, slice, lambda, x, value, key }) => [grid, slice, lambda, x, value, key]),
  };
}

/** What the law leaves of each slice, with the slice's own uncertainty; null when the law was refused. */
export function residualFigure(law: ThresholdLaw): Figure | null {
  if (law.refusal !== null) return null;
  const places = law.places.map((place) => ({ ...place, percent: 100 * place.residual! }));
  const styles = stylesOf(places.map(({ grid }) => grid));
  const reach = Math.max(
    ...places.map(({ percent, halfWidth }) => Math.abs(percent) + 100 * halfWidth),
  );
  const svg = draw(`Residuals of the law of ${law.transition}`, {
    height: 320,
    marginLeft: 62,
    marginBottom: 42,
    marginTop: 34,
    x: { type: 'log', label: 'lambda at the transition', ticks: 3, tickFormat: '~g', inset: 8 },
    y: {
      label: 'lambda over the law, − 1 (%)',
      grid: true,
      domain: [-reach, reach],
      ticks: 5,
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
    caption: `Each slice with the 95 % interval of its estimate. ${verdictText(law)}`,
    legend: legend([...styles]),
    svg,
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

/** `lambda = 1.000 N^-1.000 n^0.5000`. */
export function lawText({ coefficients }: ThresholdLaw): string {
  const of = (term: LawTerm): LawCoefficient => coefficients.find((each) => each.of === term)!;
  const power = (symbol: string, { estimate }: LawCoefficient): string =>
    estimate === null ? '' : ` ${symbol}^${estimate.toFixed(4)}`;
  return `lambda = ${formatNumber(of('constant').estimate)}${power('N', of('samples_total'))}${power('n', of('cluster_samples'))}`;
}

/** What certificates and scatter say of the law, in a sentence or two. */
export function verdictText({ possible, scatter, reduced, unplaced }: ThresholdLaw): string {
  const power =
    possible === false
      ? 'Certificates rule out every power law of N and n.'
      : `Certificates allow a power law; the residuals are ${formatNumber(scatter)} times what the slices’ own intervals let expect.`;
  const paper =
    reduced === null
      ? 'That lambda N / √n is one number is ruled out.'
      : `All slices may have it at one value of lambda N / √n, between ${formatInterval(reduced)}.`;
  const left = unplaced === 0 ? '' : ` ${formatCount(unplaced, 'slice')} without this transition.`;
  return `${power} ${paper}${left}`;
}

function marksOf(
  { transition: name, places }: ThresholdLaw,
  { grid, slice, clusterSamples, along }: LawPlace,
  slices: readonly TransitionSlice[],
  predict: (samplesTotal: number, samples: number) => number,
): Mark[] {
  const member = slices.find(
    (each) => each.grid === grid && each.name === slice && each.along === along,
  );
  if (member === undefined) return [];
  const logs = places.map(({ lambda }) => Math.log(lambda));
  const middle = Math.exp(logs.reduce((a, b) => a + b) / logs.length);
  const { clusters } = member.points.reduce((a, b) =>
    b.clusters.length > a.clusters.length ? b : a,
  );
  const transition = transitionsOf(clusters).find((each) => each.name === name)!;
  return member.points.flatMap((point) => {
    const singular = transition.orderParameter(point);
    if (singular === null || point.clusters.length !== clusters.length) return [];
    const samples =
      transition.cluster === null ? clusterSamples : point.clusters[transition.cluster]![1];
    const x = point.lambda / predict(sampleCount(point.clusters), samples);
    if (x < WINDOW[0] || x > WINDOW[1]) return [];
    const common = {
      grid,
      slice,
      value: singular / Math.sqrt(samples),
      lambda: point.lambda,
      key: point.key,
    };
    return [
      { ...common, panel: 'in units of the law', x },
      { ...common, panel: 'against lambda', x: point.lambda / middle },
    ];
  });
}

function predictor({
  coefficients,
  refusal,
}: ThresholdLaw): ((samplesTotal: number, samples: number) => number) | null {
  if (refusal !== null) return null;
  const [constant, total, own] = coefficients.map(({ estimate }) => estimate);
  return (samplesTotal, samples) =>
    constant! * samplesTotal ** (total ?? 0) * samples ** (own ?? 0);
}

function stylesOf(grids: readonly string[]): Map<string, SeriesStyle> {
  return new Map([...new Set(grids)].map((grid, i) => [grid, styleAt(i)]));
}

function ascending([a, b]: readonly [number, number]): readonly [number, number] {
  return a <= b ? [a, b] : [b, a];
}
