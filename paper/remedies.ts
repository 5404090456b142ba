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

const COLLAPSES = ['minority-collapse', 'total-collapse'] as const;

function weights({ data }: Drawn): Promise<NamedFigures> {
  const figure = (grid: string, title: string) =>
    namedCurvesFigure(
      textOf(title, 'exponent of the class weights', 'lambda of the collapse', ['y']),
      collapseCurves(data, grid, 'classWeights', exponentOf, COLLAPSES),
    );
  return Promise.resolve({
    'remedies-weights': figure('weights', 'Class weights n^-exponent'),
    'remedies-layer-peeled': figure('layer-peeled', 'The same with features penalized by 1/n'),
  });
}

async function logits({ data, database }: Drawn): Promise<NamedFigures> {
  const only = ['minority-collapse'] as const;
  const figure = (
    title: string,
    x: string,
    name: string,
    grid: string,
    of: (value: unknown) => number,
  ) =>
    namedCurvesFigure(
      textOf(title, x, 'lambda of the minority collapse', []),
      collapseCurves(data, grid, name, of, only),
    );
  return {
    'remedies-adjustment': figure(
      'Logit adjustment',
      'tau',
      'logitAdjustment',
      'adjustment',
      Number,
    ),
    'remedies-temperatures': figure(
      'Logit scales (n / n_max)^exponent',
      'exponent',
      'logitScales',
      'temperatures',
      exponentOf,
    ),
    'remedies-margins': figure('Margins', 'largest margin', 'margins', 'margins', largestOf),
    'remedies-vanishing': namedCurvesFigure(
      textOf('W and the simplex ETF as lambda vanishes', 'lambda', 'distance of the Gram matrix', [
        'x',
      ]),
      await curvesFrom(
        database,
        `SELECT 'exponent ' || coalesce((coordinates -> 'logitScales' ->> 'exponent'), '0') AS name, "lambda" AS x, etf_distance_w AS y
         FROM results WHERE grid = 'vanishing' AND status = 'certified'`,
        true,
      ),
    ),
  };
}

function labels({ data }: Drawn): Promise<NamedFigures> {
  const only = ['minority-collapse'] as const;
  const curves = [
    ...collapseCurves(data, 'smoothing', 'labelSmoothing', Number, only),
    ...collapseCurves(data, 'noise', 'labelNoise', Number, only),
  ];
  return Promise.resolve({
    'remedies-labels': namedCurvesFigure(
      textOf(
        'Label smoothing and label noise',
        'alpha, eta',
        'lambda of the minority collapse',
        [],
      ),
      curves.map((curve, i) => ({ ...curve, name: i === 0 ? 'smoothing' : 'noise' })),
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

/** One curve a transition: where it was found, over the strength of a remedy. */
function collapseCurves(
  { slices }: Drawn['data'],
  grid: string,
  remedy: string,
  strengthOf: (value: unknown) => number,
  transitions: readonly TransitionName[],
): Curve[] {
  const found = slices.filter((slice) => slice.grid === grid);
  return transitions.map((transition) => ({
    name: transition,
    joined: true,
    points: found
      .flatMap(({ points, thresholds }) => {
        const estimate = thresholds.find((each) => each.transition === transition)?.estimate;
        const coordinates = points[0]!.coordinates as Readonly<Record<string, unknown>>;
        return estimate == null ? [] : [{ x: strengthOf(coordinates[remedy]), y: estimate }];
      })
      .sort((a, b) => a.x - b.x),
  }));
}

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
