import type { TransitionName } from '../analysis/transitions.js';
import type { Drawn, NamedFigures } from './figures.js';
import { curvesFrom, namedCurvesFigure, type Curve, type CurvesText } from './named-curves.js';

/** The figures of docs/remedies.md, by the study that they show. */
export const FIGURES: Readonly<Record<string, (drawn: Drawn) => Promise<NamedFigures>>> = {
  'remedies-weights': weights,
  'remedies-logits': logits,
  'remedies-labels': labels,
  'remedies-features': features,
};

function weights({ data }: Drawn): Promise<NamedFigures> {
  const strength: Strength = ['classWeights', exponentOf];
  const figure = (grid: string, title: string) =>
    namedCurvesFigure(
      textOf(title, 'exponent of the class weights', 'lambda of the collapse', ['y']),
      [
        curveOf(data, grid, strength, 'minority-collapse', 'minority collapses'),
        curveOf(data, grid, strength, 'total-collapse', 'majority collapses'),
      ],
    );
  return Promise.resolve({
    'remedies-weights': figure('weights', 'Class weights n^-exponent'),
    'remedies-layer-peeled': figure('layer-peeled', 'The same with features penalized by 1/n'),
  });
}

async function logits({ data, database }: Drawn): Promise<NamedFigures> {
  const collapse = 'lambda of the minority collapse';
  const tau: Strength = ['logitAdjustment', Number];
  const meanWith = (name: string, lambdaB: unknown) =>
    curveOf(data, 'adjustment', tau, 'minority-mean', name, (at) => at['lambdaB'] === lambdaB);
  return {
    'remedies-adjustment': namedCurvesFigure(textOf('Logit adjustment', 'tau', 'lambda', ['y']), [
      curveOf(
        data,
        'adjustment',
        tau,
        'minority-collapse',
        'collapse',
        (at) => at['lambdaB'] === 0,
      ),
      meanWith('mean, free bias', 0),
      meanWith('mean, bias 0.02', 0.02),
      meanWith('mean, no bias', 'none'),
    ]),
    'remedies-temperatures': namedCurvesFigure(
      textOf('Logit scales (n / n_max)^exponent', 'exponent', collapse, []),
      [curveOf(data, 'temperatures', ['logitScales', exponentOf], 'minority-collapse')],
    ),
    'remedies-margins': namedCurvesFigure(textOf('Margins', 'largest margin', collapse, []), [
      curveOf(data, 'margins', ['margins', largestOf], 'minority-collapse'),
    ]),
    'remedies-vanishing': namedCurvesFigure(
      textOf('W and the simplex ETF as lambda vanishes', 'lambda', 'distance of the Gram matrix', [
        'x',
      ]),
      await curvesFrom(
        database,
        `SELECT 'exponent ' || (coordinates -> 'logitScales' ->> 'exponent') AS name, "lambda" AS x, etf_distance_w AS y
         FROM results WHERE grid = 'vanishing' AND status = 'certified'`,
        true,
      ),
    ),
  };
}

function labels({ data }: Drawn): Promise<NamedFigures> {
  const [smoothing, noise]: Strength[] = [
    ['labelSmoothing', Number],
    ['labelNoise', Number],
  ];
  return Promise.resolve({
    'remedies-labels': namedCurvesFigure(
      textOf(
        'Label smoothing and label noise',
        'alpha, eta',
        'lambda of the minority collapse',
        [],
      ),
      [
        curveOf(data, 'smoothing', smoothing!, 'minority-collapse', 'smoothing'),
        curveOf(data, 'noise', noise!, 'minority-collapse', 'noise'),
      ],
    ),
  });
}

async function features({ database }: Drawn): Promise<NamedFigures> {
  const curves = await curvesFrom(
    database,
    `SELECT grid AS name, "lambda" AS x, rank AS y FROM results WHERE rank IS NOT NULL`,
    true,
  );
  return {
    'remedies-features': namedCurvesFigure(
      textOf('Rank of Z, ten classes of 1000 to 10 samples', 'lambda', 'rank', ['x']),
      curves,
    ),
  };
}

/** Where a transition was found, over the strength of a remedy. */
function curveOf(
  { slices }: Drawn['data'],
  grid: string,
  [remedy, strengthOf]: Strength,
  transition: TransitionName,
  name: string = transition,
  isMeant: (coordinates: Values) => boolean = () => true,
): Curve {
  const found = slices.flatMap((slice) => {
    const coordinates = slice.points[0]!.coordinates as Values;
    const estimate = slice.thresholds.find((each) => each.transition === transition)?.estimate;
    return slice.grid !== grid || estimate == null || !isMeant(coordinates)
      ? []
      : [{ x: strengthOf(coordinates[remedy]), y: estimate }];
  });
  return { name, joined: true, points: found.sort((a, b) => a.x - b.x) };
}

type Values = Readonly<Record<string, unknown>>;

/** The name of a remedy, and how strong a value of it is. */
type Strength = readonly [remedy: string, strengthOf: (value: unknown) => number];

function exponentOf(value: unknown): number {
  return (value as { readonly exponent: number }).exponent;
}

function largestOf(value: unknown): number {
  return (value as { readonly largest: number }).largest;
}

function textOf(
  title: string,
  x: string,
  y: string,
  logarithmic: CurvesText['logarithmic'],
): CurvesText {
  return { title, caption: '', x, y, logarithmic, reference: null };
}
