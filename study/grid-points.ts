import { coordinatesOf, gridSize, instanceAt } from './expand.js';
import { ImpossibleInstance } from './impossible.js';
import type { Finding, Path } from './problems.js';
import type { Settings } from './settings.js';
import { AXIS_NAMES } from './study.js';
import type { AxisName, Coordinates, Grid, SolverSettings } from './study.js';

/** The most points of one grid. */
const LARGEST_GRID = 10_000_000;
/** The most class profiles of one grid that are looked at before anything runs. */
const CHECKED_PROFILES = 100_000;

/** What is wrong with the points of a grid: too many, none, an idle exclusion, or points that are no instance. */
export function pointFindings(
  grid: Grid,
  settings: Settings,
  path: Path,
  solver: SolverSettings,
): Finding[] {
  const whole = gridSize({ ...grid, exclude: [] });
  if (whole > LARGEST_GRID) {
    const message = `has ${whole} points; a grid has at most ${LARGEST_GRID}`;
    return [{ code: 'too-large', path, message, at: 'value' }];
  }
  if (gridSize(grid) === 0) return [misfit(path, 'leaves no point of the grid')];
  const idle = grid.exclude.find(
    (excluded) => gridSize({ ...grid, exclude: [excluded] }) === whole,
  );
  if (idle !== undefined) {
    return [misfit(path, `no point of the grid has ${JSON.stringify(idle)}`)];
  }
  return impossibleFindings(grid, settings, path, solver);
}

/** One finding for each name that some class profile of the grid shows to be impossible, with an example. */
function impossibleFindings(
  grid: Grid,
  settings: Settings,
  path: Path,
  solver: SolverSettings,
): Finding[] {
  const findings = new Map<AxisName, Finding>();
  let checked = 0;
  for (const coordinates of coordinatesOf(profilesOnly(grid))) {
    if (checked === CHECKED_PROFILES) break;
    checked += 1;
    try {
      instanceAt({ solver }, coordinates);
    } catch (error) {
      if (!(error instanceof ImpossibleInstance)) throw error;
      const { axis, message } = error;
      if (findings.has(axis)) continue;
      const where = settings.get(axis)?.path ?? path;
      const example = exampleOf(grid, coordinates);
      findings.set(axis, {
        code: 'impossible',
        path: where,
        message: message + example,
        at: 'value',
      });
    }
  }
  return [...findings.values()];
}

/** The grid with one value of every axis that does not bear on whether an instance is possible. */
function profilesOnly(grid: Grid): Grid {
  const bears = (name: AxisName): boolean => !name.startsWith('lambda') && name !== 'seed';
  const idle = grid.axes.filter(({ names }) => !names.some(bears));
  const idleNames = new Set(idle.flatMap(({ names }) => names));
  return {
    ...grid,
    axes: grid.axes.map((axis) =>
      idle.includes(axis) ? { ...axis, steps: axis.steps.slice(0, 1) } : axis,
    ),
    exclude: grid.exclude.filter((excluded) =>
      AXIS_NAMES.every((name) => !(name in excluded) || !idleNames.has(name)),
    ),
  };
}

function exampleOf(grid: Grid, coordinates: Coordinates): string {
  const names = grid.axes
    .flatMap((axis) => axis.names)
    .filter((name) => !name.startsWith('lambda') && name !== 'seed');
  if (names.length === 0) return '';
  return ` (at ${names.map((name) => `${name}=${JSON.stringify(coordinates[name])}`).join(', ')})`;
}

function misfit(path: Path, message: string): Finding {
  return { code: 'axis', path: [...path, 'exclude'], message, at: 'value' };
}
