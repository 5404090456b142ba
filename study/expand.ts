import { canonicalInstance } from './canonical.js';
import { ImpossibleInstance } from './impossible.js';
import { classCount, featureCount } from './instance.js';
import type { Form, Instance, SolverKind } from './instance.js';
import { LARGEST_FEATURES } from './limits.js';
import { misfitOf } from './misfit.js';
import { regularizersOf } from './regularizers.js';
import { statedProblem } from './stated-problem.js';
import { AXIS_NAMES, type Axis, type AxisName, type AxisValue } from './study.js';
import type { Coordinates, Grid, Study } from './study.js';

/** One place of a grid and the instance that lies there. */
export interface GridPoint {
  readonly coordinates: Coordinates;
  readonly instance: Instance;
}

/**
 * The instance at these coordinates, canonical. They need not lie on a grid: bracketing asks for new values.
 *
 * @throws ImpossibleInstance when the coordinates describe none, e.g. a ratio that leaves a class without samples.
 */
export function instanceAt(study: Pick<Study, 'solver'>, coordinates: Coordinates): Instance {
  const problem = statedProblem(coordinates);
  const { clusters } = problem;
  const { featureDimension = classCount(clusters), form = 'class-means', seed = 1 } = coordinates;
  const { tolerance, polish } = study.solver;
  const { solverKind = study.solver.kind } = coordinates;
  const { lambdaB, lambdaH, lambdaW } = regularizersOf(coordinates, problem);
  // In the order of the alphabet, as the canonical JSON has them; see `canonicalJson`.
  const plain: Instance = {
    clusters,
    featureDimension: featureDimension as number,
    form: form as Form,
    lambdaB,
    lambdaH,
    lambdaW,
    polish,
    seed: seed as number,
    solver: solverKind as SolverKind,
    tolerance,
  };
  const stated = Object.keys(problem).length === 1 ? plain : inOrder({ ...plain, ...problem });
  const misfit = misfitOf(stated);
  if (misfit !== null) throw new ImpossibleInstance(axisOf(misfit.field), misfit.reason);
  const instance = canonicalInstance(stated);
  if (instance.form === 'per-sample' && featureCount(instance) > LARGEST_FEATURES) {
    throw new ImpossibleInstance(
      'form',
      `is \`per-sample\` with ${featureCount(instance)} numbers of features (N x d), above ${LARGEST_FEATURES}; ` +
        'use `class-means`, which has the same minimum',
    );
  }
  return instance;
}

function inOrder(instance: Instance): Instance {
  const entries = Object.entries(instance).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries) as unknown as Instance;
}

/** The name of a study file that says a field. */
function axisOf(field: keyof Instance): AxisName {
  if (field === 'boundW' || field === 'boundH') return 'normBounds';
  return field === 'solver' ? 'solverKind' : (field as AxisName);
}

/**
 * The points of a grid in order: the last axis varies fastest, excluded points are left out.
 *
 * @throws ImpossibleInstance; never for a grid that `parseStudy` returned.
 */
export function* expandGrid(study: Pick<Study, 'solver'>, grid: Grid): Iterable<GridPoint> {
  for (const coordinates of coordinatesOf(grid)) {
    yield { coordinates, instance: instanceAt(study, coordinates) };
  }
}

/** The coordinates of a grid's points: the product of its axes without what is excluded. */
export function* coordinatesOf(grid: Grid): Iterable<Coordinates> {
  // Steps overwrite a first point, whose names are in the order of canonical JSON: so those of every point are.
  const first = Object.assign(
    {},
    grid.fixed,
    ...grid.axes.map(({ steps }) => steps[0]),
  ) as Coordinates;
  const ordered = Object.fromEntries(Object.entries(first).sort(([a], [b]) => (a < b ? -1 : 1)));
  const exclusions = grid.exclude.map(namesOf);
  for (const coordinates of product(grid.axes, ordered)) {
    if (!exclusions.some((names, i) => agrees(coordinates, grid.exclude[i]!, names))) {
      yield coordinates;
    }
  }
}

/** The number of points of a grid as if nothing was excluded. */
export function wholeGridSize({ axes }: Pick<Grid, 'axes'>): number {
  return axes.reduce((size, { steps }) => size * steps.length, 1);
}

/**
 * The number of points of a grid, without expanding it. Along each axis, steps that agree with the same exclusions
 * are interchangeable and counted together.
 */
export function gridSize(grid: Grid): number {
  return countPoints(
    grid.axes,
    grid.exclude.filter((excluded) =>
      namesOf(excluded).every(
        (name) => !(name in grid.fixed) || same(grid.fixed[name], excluded[name]),
      ),
    ),
  );
}

/** Whether some point of a grid agrees with an exclusion. Looks along each axis only until a step does. */
export function leavesOut({ fixed, axes }: Grid, excluded: Coordinates): boolean {
  const agreesIn = (part: Coordinates, names: readonly AxisName[]): boolean =>
    names.every((name) => !(name in excluded) || same(part[name], excluded[name]));
  return (
    agreesIn(fixed, namesOf(fixed)) &&
    axes.every(({ names, steps }) => steps.some((step) => agreesIn(step, names)))
  );
}

function countPoints(axes: readonly Axis[], exclude: readonly Coordinates[]): number {
  const [axis, ...rest] = axes;
  if (exclude.length === 0) return wholeGridSize({ axes });
  // Exclusions that are left when every axis is set agree with the point.
  if (axis === undefined) return 0;
  const groups = new Map<string, { size: number; exclude: Coordinates[] }>();
  for (const step of axis.steps) {
    const matching = exclude.map((excluded) =>
      axis.names.every((name) => !(name in excluded) || same(step[name], excluded[name])),
    );
    const group = groups.get(matching.join()) ?? {
      size: 0,
      exclude: exclude.filter((_, i) => matching[i]),
    };
    group.size += 1;
    groups.set(matching.join(), group);
  }
  return [...groups.values()].reduce(
    (size, group) => size + group.size * countPoints(rest, group.exclude),
    0,
  );
}

function* product(axes: readonly Axis[], coordinates: Coordinates): Iterable<Coordinates> {
  const [axis, ...rest] = axes;
  if (axis === undefined) {
    yield coordinates;
    return;
  }
  for (const step of axis.steps) yield* product(rest, { ...coordinates, ...step });
}

/** Whether a point agrees with every name of an exclusion. */
function agrees(
  coordinates: Coordinates,
  excluded: Coordinates,
  names: readonly AxisName[],
): boolean {
  return names.every((name) => same(coordinates[name], excluded[name]));
}

/** The names that coordinates give, in the order of AXIS_NAMES. */
export function namesOf(coordinates: Coordinates): AxisName[] {
  return AXIS_NAMES.filter((name) => name in coordinates);
}

function same(left: AxisValue | undefined, right: AxisValue | undefined): boolean {
  if (left === right) return true;
  return isList(left) && isList(right) && textOf(left) === textOf(right);
}

/** Words and numbers are the same or not; only what holds others has to be written out to tell. */
function isList(value: AxisValue | undefined): value is AxisValue & object {
  return typeof value === 'object';
}

/** Every point is held against every exclusion: a profile of a thousand classes is written out once. */
const texts = new WeakMap<object, string>();

function textOf(value: object): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  texts.set(value, text);
  return text;
}
