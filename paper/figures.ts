import type { GramPoint, ReportData } from '../analysis/report/data.js';
import { collapseFigure } from '../analysis/report/collapse-figure.js';
import { curvesFigure } from '../analysis/report/curves.js';
import type { Figure } from '../analysis/report/figure.js';
import { gramFigure } from '../analysis/report/grams.js';
import { limitFigures } from '../analysis/report/limit-curves.js';
import { ratioFigure } from '../analysis/report/ratio-figure.js';
import { residualFigure } from '../analysis/report/residual-figure.js';
import type { TransitionSlice } from '../analysis/thresholds.js';
import type { Database } from '../results/database.js';
import type { Cluster, Instance } from '../study/instance.js';
import { solveBatch } from '../ufm/solve.js';
import { curvesFrom, namedCurvesFigure, type Curve, type CurvesText } from './named-curves.js';
import { descentCurves } from './descent.js';

/** Figures by the names of their files, without `.svg`. */
export type NamedFigures = Readonly<Record<string, Figure>>;

/** What the figures of a study are drawn from. */
export interface Drawn {
  readonly data: ReportData;
  readonly database: Database;
}

/** Of many slices in one figure no points are drawn that are nearer than this: searches put theirs close together. */
const NEAREST = 1.06;

/** The figures of docs/reproduction.md, by the study that they show. */
export const FIGURES: Readonly<Record<string, (drawn: Drawn) => Promise<NamedFigures>>> = {
  'paper-within-class-collapse': withinClassCollapse,
  'paper-block-structure': blockStructure,
  'paper-threshold': threshold,
  'paper-large-samples': largeSamples,
  'paper-minority-cosine': minorityCosine,
};

async function withinClassCollapse({ database }: Drawn): Promise<NamedFigures> {
  const curves = await curvesFrom(
    database,
    `SELECT 'k_A = ' || (coordinates ->> 'majorityClasses') AS name, "lambda" AS x, within_class_variability AS y
     FROM results WHERE status = 'certified'`,
    false,
  );
  const text: Pick<CurvesText, 'caption' | 'y' | 'reference'> = {
    caption: '',
    ...{ y: 'tr(S_W) / tr(S_B)', reference: null },
  };
  return {
    'within-class-descent': namedCurvesFigure(
      {
        ...text,
        title: 'Variability within classes during descent',
        x: 'iterations',
        logarithmic: ['y'],
      },
      await descentCurves(),
    ),
    'within-class-collapse': namedCurvesFigure(
      {
        ...text,
        title: 'Variability within classes at the end of descent',
        x: 'lambda',
        logarithmic: ['x', 'y'],
      },
      curves,
    ),
  };
}

/** The angles at lambda N = 10, where they are farthest from those of a simplex ETF. */
async function blockStructure({ database }: Drawn): Promise<NamedFigures> {
  const rows = await database.query<{
    key: string;
    classes: number[];
    samples: number[];
    w: (number | null)[];
    h: (number | null)[];
    z: (number | null)[];
  }>(
    `SELECT point_key AS key, cluster_classes AS classes, cluster_samples AS samples, cos_w AS w, cos_h AS h, cos_z AS z
     FROM results WHERE (coordinates ->> 'lambdaTimesN')::DOUBLE = 10`,
  );
  return Object.fromEntries(
    rows.map(({ key, classes, samples, w, h, z }) => {
      const point: GramPoint = {
        grid: `${classes.join('/')} classes`,
        place: 'mean cosines at lambda N = 10',
        key,
        clusters: classes.map((count, j) => [count, samples[j]!]),
        cosines: { W: w, H: h, Z: z },
      };
      return [`block-structure-${classes.join('-')}`, gramFigure(point)!];
    }),
  );
}

function threshold({ data }: Drawn): Promise<NamedFigures> {
  const { slices, summary } = data;
  const law = summary.laws.find(({ transition }) => transition === 'minority-collapse')!;
  const mean = summary.laws.find(({ transition }) => transition === 'minority-mean')!;
  const slice = (grid: string, name: string, title: string): Figure => ({
    ...curvesFigure(slices.find((each) => each.grid === grid && each.name === name)!),
    title,
  });
  const thin = slices.map(spreadOut);
  return Promise.resolve({
    'threshold-lambda': slice(
      'regularizer',
      'majorityClasses=5, solverKind=tensor',
      'Along lambda: k_A = 5, three random starts',
    ),
    'threshold-samples': slice(
      'imbalance',
      'majorityClasses=5',
      'Along n_A: k_A = 5, lambda = 0.005',
    ),
    'threshold-law': collapseFigure(law, thin)!,
    'threshold-residuals': residualFigure(law)!,
    'threshold-mean': collapseFigure(mean, thin)!,
    'threshold-ratio': ratioFigure(summary.ratioLaws)!,
  });
}

function spreadOut(slice: TransitionSlice): TransitionSlice {
  let last = 0;
  const points = slice.points.filter(({ x }) => {
    if (x < NEAREST * last) return false;
    last = x;
    return true;
  });
  return { ...slice, points };
}

async function largeSamples({ data, database }: Drawn): Promise<NamedFigures> {
  const family = async (bias: string, words: string): Promise<Figure> => {
    const curves = await curvesFrom(
      database,
      `SELECT 'r = ' || (coordinates ->> 'imbalanceRatio') AS name, majority_samples AS x, etf_distance_z AS y
       FROM results WHERE grid = 'far' AND (coordinates ->> 'lambdaB') = '${bias}'`,
      true,
    );
    const text: CurvesText = {
      title: `Z and the simplex ETF at lambda = 0.1 / N, ${words}`,
      caption: '',
      ...{ x: 'n_A', y: 'distance of the Gram matrix', logarithmic: ['x'], reference: 0 },
    };
    return namedCurvesFigure(text, curves);
  };
  const limits = data.limits.filter(
    ({ limit }) => limit.grid === 'far' && limit.slice === 'imbalanceRatio=2, lambdaB=0.02',
  );
  const fixed = data.slices.find(
    ({ grid, name }) => grid === 'lambda-fixed' && name === 'imbalanceRatio=2, lambdaB=0.02',
  )!;
  return {
    'large-samples-weighted-bias': await family('0.02', 'weighted bias'),
    'large-samples-free-bias': await family('0', 'free bias'),
    'large-samples-limits': {
      ...limitFigures(limits).at(-1)!,
      title: 'Distances from the ETF and limits, weighted bias, r = 2',
    },
    'large-samples-fixed-lambda': {
      ...curvesFigure({ ...fixed, points: fixed.points.filter(({ x }) => x <= 1000) }),
      title: 'At fixed lambda = 0.005, r = 2',
    },
  };
}

async function minorityCosine({ database }: Drawn): Promise<NamedFigures> {
  const curves = await curvesFrom(
    database,
    `SELECT 'k_A = ' || (coordinates ->> 'majorityClasses') AS name, imbalance_ratio AS x, cos_w_minority AS y
     FROM results WHERE cos_w_minority IS NOT NULL AND round = 0`,
    true,
  );
  const text: CurvesText = {
    title: 'Cosine between minority rows of W, lambda = 0.0005',
    caption: '',
    ...{ x: 'n_A / n_B', y: 'mean cosine', logarithmic: ['x'], reference: -1 / 9 },
  };
  return {
    'minority-cosine': namedCurvesFigure(text, curves),
    'layer-peeled-cosine': namedCurvesFigure(
      { ...text, title: 'By the bounds of Fang et al., E_W = 1, E_H = 5' },
      await layerPeeledCurves(),
    ),
  };
}

/** Of a minority class, so that the ratios are theirs to six digits. */
const MINORITY_SAMPLES = 1e6;

/** The ratios and bounds of Fang et al., who solve k_A = 5. */
async function layerPeeledCurves(): Promise<Curve[]> {
  const ratios = Array.from({ length: 41 }, (_, i) => 10 ** (i / 10));
  return Promise.all(
    [3, 5, 7].map(async (majorityClasses) => {
      const rows = await solveBatch(
        ratios.map((ratio) => layerPeeled(majorityClasses, ratio)),
        { device: 'cpu' },
      );
      const points = rows.flatMap(({ cosW }, i) => {
        const cosine = cosW?.at(-1)?.at(-1) ?? null;
        return cosine === null ? [] : [{ x: ratios[i]!, y: cosine }];
      });
      return { name: `k_A = ${majorityClasses}`, joined: true, points };
    }),
  );
}

function layerPeeled(majorityClasses: number, ratio: number): Instance {
  const counts: readonly Cluster[] = [
    [majorityClasses, Math.round(MINORITY_SAMPLES * ratio)],
    [10 - majorityClasses, MINORITY_SAMPLES],
  ];
  return {
    clusters: ratio === 1 ? [[10, MINORITY_SAMPLES]] : counts,
    boundW: 1,
    boundH: 5,
    ...{ lambdaW: 0, lambdaH: 0, lambdaB: null, featureDimension: 10, form: 'class-means' },
    ...{ solver: 'exact', tolerance: 1e-9, polish: false, seed: null },
  };
}
