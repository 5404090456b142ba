import * as Plot from '@observablehq/plot';
import { sampleCount } from '../../study/instance.js';
import { formatCount, formatNumber, formatPlace } from '../format.js';
import type { LawPlace, ThresholdLaw } from '../threshold-law.js';
import { everyNth } from '../thin-out.js';
import type { TransitionSlice } from '../thresholds.js';
import { transitionsOf } from '../transitions.js';
import { draw } from './draw.js';
import type { Figure } from './figure.js';
import { gridLegend, gridStyles, unnamedText } from './grid-styles.js';
import { lawText } from './law-text.js';

/** Of more points in a panel every n-th is drawn, by lines and in the data. */
const MOST_POINTS = 600;
/** Of more points in a panel every n-th has a mark. */
const MOST_MARKS = 250;
/** Of more slices, whose curves nobody tells apart, every n-th is drawn. */
const MOST_PLACES = 60;
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
  const places = everyNth(law.places, MOST_PLACES);
  const all = places
    .flatMap((place) => marksOf(law, place, slices, predict))
    .filter(({ x }) => x <= WIDEST);
  if (all.length === 0) return null;
  const panels = ['against lambda', 'in units of the law'];
  const drawn = panels.map((name) =>
    everyNth(
      all.filter(({ panel }) => panel === name),
      MOST_POINTS,
    ),
  );
  const marks = drawn.flat();
  const step = Math.ceil(all.length / marks.length);
  const thinned = [
    ...(places.length < law.places.length ? [` ${places.length} of them are drawn.`] : []),
    ...(drawn[1]!.length > MOST_MARKS || step > 1
      ? [' Not every point has a mark, or a line.']
      : []),
  ].join('');
  const styles = gridStyles(law.places.map(({ grid }) => grid));
  const largest = Math.max(...marks.map(({ value }) => value));
  const drawing = draw(`Collapse of all slices at ${law.transition}`, {
    height: 300,
    marginLeft: 46,
    marginBottom: 42,
    marginTop: 50,
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
        drawn.flatMap((points) => everyNth(points, MOST_MARKS)),
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
    caption: `${formatCount(law.places.length, 'slice')}. Lambda in units of one number for all on the left, on the right of what the fitted law gives to each slice: ${lawText(law)}.${thinned}${unnamedText(styles)}`,
    legend: gridLegend(styles),
    drawing,
    header: [
      'grid',
      'slice',
      'lambda',
      'lambda_over_law',
      'singular_value_over_sqrt_n',
      'point_key',
    ],
    rows: drawn[1]!.map(({ grid, slice, lambda, x, value, key }) => [
      grid,
      slice,
      lambda,
      x,
      value,
      key,
    ]),
  };
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
