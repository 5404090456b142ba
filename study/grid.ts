import type { z } from 'zod';
import { axisValues, type AxisInput } from './axis-input.js';
import { AXES } from './axes.js';
import { zipGroups } from './grid-parts.js';
import type { gridSchema } from './schema.js';
import type { Settings } from './settings.js';
import { AXIS_NAMES } from './study.js';
import type { Axis, AxisName, AxisValue, Coordinates, Grid } from './study.js';

/** What a point has where neither defaults nor grid say anything. `featureDimension` is K then. */
const UNSTATED: Coordinates = { lambdaB: 'none', form: 'class-means', seed: 1 };

/** Builds the grid that a valid mapping and its complete settings describe. */
export function buildGrid(raw: z.infer<typeof gridSchema>, settings: Settings): Grid {
  return {
    name: raw.name,
    ...axesOf(settings, zipGroups(raw.zip)),
    exclude: (raw.exclude ?? []).flatMap((excluded) => excludedCoordinates(excluded)),
    locate: raw.locate ?? null,
    fitLimit: raw.fitLimit ?? null,
  };
}

/** Splits settings into what the grid fixes and its axes, both in the order of the names: files may order as they like. */
function axesOf(settings: Settings, groups: readonly AxisName[][]): Pick<Grid, 'fixed' | 'axes'> {
  const valuesOf = (name: AxisName): readonly AxisValue[] => settings.get(name)?.values ?? [];
  const fixed: [AxisName, AxisValue | undefined][] = [];
  const axes: Axis[] = [];
  for (const name of AXIS_NAMES) {
    const values = valuesOf(name);
    const group = groups.find((names) => names.includes(name)) ?? [name];
    const names = AXIS_NAMES.filter((member) => group.includes(member));
    if (values.length === 0) {
      if (name in UNSTATED) fixed.push([name, UNSTATED[name]]);
    } else if (values.length === 1) {
      fixed.push([name, values[0]]);
    } else if (name === names[0]) {
      const steps = values.map((_, i) =>
        Object.fromEntries(names.map((member) => [member, valuesOf(member)[i]])),
      );
      axes.push({ names, steps });
    }
  }
  return { fixed: Object.fromEntries(fixed), axes };
}

/** The product of what an exclusion lists. */
function excludedCoordinates(
  excluded: Readonly<Partial<Record<AxisName, AxisInput | undefined>>>,
): Coordinates[] {
  return AXIS_NAMES.reduce<Coordinates[]>(
    (product, name) => {
      const input = excluded[name];
      if (input === undefined) return product;
      const values = axisValues(AXES[name], input);
      return product.flatMap((coordinates) =>
        values.map((value) => ({ ...coordinates, [name]: value })),
      );
    },
    [{}],
  );
}
