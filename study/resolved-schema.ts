import { z } from 'zod';
import { AXES } from './axes.js';
import { wholeGridSize } from './expand.js';
import { LARGEST_GRID, MOST_COMPARISONS } from './grid-points.js';
import { MOST_VALUES } from './limits.js';
import { LARGEST_AXIS } from './range.js';
import { fitLimitSchema, locateSchema, MOST_GRIDS, studySchema } from './schema.js';
import {
  AXIS_NAMES,
  type Axis,
  type AxisName,
  type Coordinates,
  type Grid,
  type Study,
} from './study.js';

/** The schema of one name's value. */
type ValueSchemas = Readonly<Record<AxisName, z.ZodType>>;

const VALUES = Object.fromEntries(
  AXIS_NAMES.map((name) => [name, AXES[name].value]),
) as ValueSchemas;

const isAxisName = (name: string): name is AxisName => Object.hasOwn(VALUES, name);

/** By hand, since a study may have a million steps and an object schema takes microseconds for each. */
const coordinates = z.custom<Coordinates>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(
      ([name, at]) => isAxisName(name) && VALUES[name].safeParse(at).success,
    ),
  { error: 'must be values of axes' },
);

const axis: z.ZodType<Axis> = z
  .strictObject({
    names: z.array(z.enum(AXIS_NAMES)).min(1).max(AXIS_NAMES.length),
    steps: z.array(coordinates).min(1).max(LARGEST_AXIS),
  })
  .refine(
    ({ names, steps }) =>
      steps.every(
        (step) => Object.keys(step).length === names.length && names.every((name) => name in step),
      ),
    { error: 'has steps of other names' },
  );

const { version, name, solver, shardSize } = studySchema.shape;
const { kind, tolerance, polish } = solver.unwrap().shape;

const grid: z.ZodType<Grid> = z
  .strictObject({
    name,
    fixed: coordinates,
    axes: z.array(axis).max(AXIS_NAMES.length),
    exclude: z.array(coordinates),
    locate: locateSchema.extend({ tolerance: locateSchema.shape.tolerance.unwrap() }).nullable(),
    fitLimit: fitLimitSchema.nullable(),
  })
  .refine(
    ({ fixed, axes }) =>
      areDistinct([...Object.keys(fixed), ...axes.flatMap(({ names }) => names)]),
    {
      error: 'says a name twice',
    },
  )
  .refine((read) => wholeGridSize(read) <= LARGEST_GRID, { error: 'has too many points' })
  .refine((read) => wholeGridSize(read) * read.exclude.length <= MOST_COMPARISONS, {
    error: 'leaves out too many combinations',
  });

/** A study as `parseStudy` returns it, with every default and range written out: what a store has of it. */
export const resolvedSchema: z.ZodType<Study> = z
  .strictObject({
    version,
    name,
    grids: z.array(grid).max(MOST_GRIDS),
    solver: z.strictObject({
      kind: kind.unwrap(),
      tolerance: tolerance.unwrap(),
      polish: polish.unwrap(),
    }),
    shardSize: shardSize.unwrap(),
  })
  .refine(({ grids }) => areDistinct(grids.map(({ name: one }) => one.toLowerCase())), {
    error: 'has two grids of one name',
  })
  .refine(({ grids }) => valueCountOf(grids) <= MOST_VALUES, { error: 'has too many values' });

function areDistinct(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

function valueCountOf(grids: readonly Grid[]): number {
  return grids
    .flatMap(({ axes }) => axes)
    .reduce((sum, { names, steps }) => sum + names.length * steps.length, 0);
}
