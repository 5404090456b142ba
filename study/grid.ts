import { axisValues } from './axis-input.js';
import { AXES } from './axes.js';
import type { GridParts } from './grid-parts.js';
import type { Exclusion } from './schema.js';
import type { Settings } from './settings.js';
import { AXIS_NAMES } from './study.js';
import type { Axis, AxisName, AxisValue, Coordinates, Grid } from './study.js';

/** What a point has where neither defaults nor grid say anything. `featureDimension` is K then. */
const UNSTATED: Coordinates = { lambdaB: 'none', form: 'class-means', seed: 1 };

/** The grid that settings and parts describe; names whose values are not valid are left out. */
export function buildGrid(name: string, settings: Settings, parts: GridParts): Grid {
  const { zip, exclude, locate, fitLimit } = parts;
  const excluded = exclude.flatMap((exclusion) => excludedCoordinates(exclusion));
  return { name, ...axesOf(settings, zip), exclude: excluded, locate, fitLimit };
}

/**
 * Splits settings into what the grid fixes and its axes, both in the order of AXIS_NAMES: how a file orders its keys
 * changes nothing.
 */
function axesOf(settings: Settings, zip: GridParts['zip']): Pick<Grid, 'fixed' | 'axes'> {
  const valuesOf = (name: AxisName): readonly AxisValue[] => settings.get(name)?.values ?? [];
  const fixed: [AxisName, AxisValue | undefined][] = [];
  const axes: Axis[] = [];
  for (const name of AXIS_NAMES) {
    const values = valuesOf(name);
    const group = zip.find((names) => names.includes(name)) ?? [name];
    const names = AXIS_NAMES.filter((member) => group.includes(member));
    if (values.length === 0) {
      if (name in UNSTATED) fixed.push([name, UNSTATED[name]]);
    } else if (values.length === 1) {
      fixed.push([name, values[0]]);
    } else if (name === names[0]) {
      const stepAt = (i: number): Coordinates =>
        Object.fromEntries(names.map((member) => [member, valuesOf(member)[i]]));
      axes.push({ names, steps: values.map((_, i) => stepAt(i)) });
    }
  }
  return { fixed: Object.fromEntries(fixed), axes };
}

/** The product of what an exclusion lists. */
function excludedCoordinates(exclusion: Exclusion): Coordinates[] {
  return AXIS_NAMES.reduce<Coordinates[]>(
    (product, name) => {
      const input = exclusion[name];
      if (input === undefined) return product;
      const values = axisValues(AXES[name], input);
      return product.flatMap((coordinates) =>
        values.map((value) => ({ ...coordinates, [name]: value })),
      );
    },
    [{}],
  );
}
