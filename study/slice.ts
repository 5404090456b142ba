import { AXIS_NAMES, type AxisName, type AxisValue, type Coordinates, type Grid } from './study.js';

/**
 * Names the slice of a grid that a point lies on: the points that agree on every coordinate but the search axis,
 * what is zipped to it, and the seed. Only what the grid varies is named: `majorityClasses=5, lambdaB=0.02`,
 * or `all` where nothing is left.
 */
export function sliceOf(grid: Grid, along: AxisName, coordinates: Coordinates): string {
  return sliceNamer(grid, along)(coordinates);
}

/** `sliceOf` of many points of a grid. */
export function sliceNamer(grid: Grid, along: AxisName): (coordinates: Coordinates) => string {
  const names = heldNames(grid, along);
  return (coordinates) =>
    names.map((name) => `${name}=${text(coordinates[name])}`).join(', ') || 'all';
}

/** The coordinates that hold still on a slice of a grid, and that tell its slices apart. */
export function heldNames(grid: Grid, along: AxisName): readonly AxisName[] {
  const moving = grid.axes.find(({ names }) => names.includes(along))?.names ?? [along];
  const varied = new Set(grid.axes.flatMap(({ names }) => names));
  return AXIS_NAMES.filter((name) => varied.has(name) && name !== 'seed' && !moving.includes(name));
}

function text(value: AxisValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
