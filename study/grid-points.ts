import {
  coordinatesOf,
  gridSize,
  instanceAt,
  leavesOut,
  namesOf,
  wholeGridSize,
} from './expand.js';
import { ImpossibleInstance } from './impossible.js';
import type { Finding, Path } from './problems.js';
import type { Settings } from './settings.js';
import type { AxisName, Coordinates, Grid, SolverSettings } from './study.js';

/** The most points of one grid. */
export const LARGEST_GRID = 10_000_000;
/** The most comparisons of a point with an exclusion in one grid: every point is held against every one. */
export const MOST_COMPARISONS = 10_000_000;
/** The most class profiles of one grid that are looked at before anything runs, and the most clusters in them. */
const CHECKED_PROFILES = 100_000;
const CHECKED_CLUSTERS = 1_000_000;
/** What says that a grid is of another model than the plain one. */
const MODEL_NAMES: readonly AxisName[] = ['normBounds', 'loss', 'features', 'classifier'];

/**
 * What is wrong with the points of a grid: too many, none, an exclusion of nothing, or points that are no instance.
 * `settings` are those of the grid; where they are not valid or absent, the grid lacks names, and what follows from
 * that alone is not told.
 */
export function pointFindings(
  grid: Grid,
  settings: Settings,
  path: Path,
  solver: SolverSettings,
): Finding[] {
  const whole = wholeGridSize(grid);
  if (whole > LARGEST_GRID) {
    const message = `has ${counted(whole)} points (${productOf(grid)}); a grid has at most ${counted(LARGEST_GRID)}`;
    return [{ code: 'too-large', path, message, at: 'value' }];
  }
  if (whole * grid.exclude.length > MOST_COMPARISONS) {
    const message =
      `leaves out ${counted(grid.exclude.length)} combinations of ${counted(whole)} points; ` +
      `the two may multiply to at most ${counted(MOST_COMPARISONS)}: split the grid instead`;
    return [{ code: 'too-large', path: [...path, 'exclude'], message, at: 'value' }];
  }
  return [
    ...exclusionFindings(grid, settings, path),
    ...impossibleFindings(grid, settings, path, solver),
  ];
}

/** The axes that vary, with their sizes: which of them to shorten. */
function productOf(grid: Grid): string {
  return grid.axes
    .filter(({ steps }) => steps.length > 1)
    .map(({ names, steps }) => `\`${names.join(', ')}\` ${counted(steps.length)}`)
    .join(' x ');
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}

function exclusionFindings(grid: Grid, settings: Settings, path: Path): Finding[] {
  const isKnown = (excluded: Coordinates): boolean =>
    namesOf(excluded).every((name) => isValid(settings, name));
  const idle = grid.exclude.find((excluded) => isKnown(excluded) && !leavesOut(grid, excluded));
  const told = (message: string): Finding[] => [
    { code: 'axis', path: [...path, 'exclude'], message, at: 'value' },
  ];
  if (idle !== undefined) return told(`no point of the grid has ${assignments(idle)}`);
  return gridSize(grid) === 0 ? told('leaves no point of the grid') : [];
}

/** One finding for each name that some class profile of the grid shows to be impossible, with an example. */
function impossibleFindings(
  grid: Grid,
  settings: Settings,
  path: Path,
  solver: SolverSettings,
): Finding[] {
  const findings = new Map<AxisName, Finding>();
  let profiles = 0;
  let clusters = 0;
  for (const coordinates of coordinatesOf(profilesOnly(grid))) {
    if (profiles === CHECKED_PROFILES || clusters > CHECKED_CLUSTERS) break;
    profiles += 1;
    clusters += largestClusterCount(coordinates);
    const impossible = impossibilityAt(solver, coordinates);
    if (impossible === null || findings.has(impossible.axis)) continue;
    const setting = settings.get(impossible.axis);
    if (setting === undefined || setting.values === null) continue;
    const varied = grid.axes.flatMap(({ names }) => names.filter(bearsOn(grid)));
    const example = Object.fromEntries(varied.map((name) => [name, coordinates[name]]));
    const message = impossible.message + (varied.length > 0 ? ` (at ${assignments(example)})` : '');
    findings.set(impossible.axis, { code: 'impossible', path: setting.path, message, at: 'value' });
  }
  return [...findings.values()];
}

/** How many clusters a profile may have: what it takes to look at it. */
function largestClusterCount({ clusters, samples, longTail, classes }: Coordinates): number {
  if (longTail !== undefined) return typeof classes === 'number' ? classes : 1;
  const listed = clusters ?? samples;
  return Array.isArray(listed) ? listed.length : 2;
}

function impossibilityAt(
  solver: SolverSettings,
  coordinates: Coordinates,
): ImpossibleInstance | null {
  try {
    instanceAt({ solver }, coordinates);
    return null;
  } catch (error) {
    if (error instanceof ImpossibleInstance) return error;
    throw error;
  }
}

/** The grid with one value of every axis that does not bear on whether an instance is possible. */
function profilesOnly(grid: Grid): Grid {
  const idle = new Set(grid.axes.filter(({ names }) => !names.some(bearsOn(grid))));
  const idleNames = [...idle].flatMap(({ names }) => names);
  return {
    ...grid,
    axes: grid.axes.map((axis) =>
      idle.has(axis) ? { ...axis, steps: axis.steps.slice(0, 1) } : axis,
    ),
    exclude: grid.exclude.filter((excluded) => !idleNames.some((name) => name in excluded)),
  };
}

/** Of the weights only that of a bias matters, to models that have no use for every one. */
function bearsOn({ fixed, axes }: Grid): (name: AxisName) => boolean {
  const named = new Set([...namesOf(fixed), ...axes.flatMap(({ names }) => names)]);
  const isPlain = !MODEL_NAMES.some((name) => named.has(name));
  return (name) => (name === 'lambdaB' ? !isPlain : !name.startsWith('lambda') && name !== 'seed');
}

function isValid(settings: Settings, name: AxisName): boolean {
  const setting = settings.get(name);
  return setting !== undefined && setting.values !== null;
}

function assignments(coordinates: Coordinates): string {
  return namesOf(coordinates)
    .map((name) => `${name}=${JSON.stringify(coordinates[name])}`)
    .join(', ');
}
