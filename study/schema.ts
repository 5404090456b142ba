import { z } from 'zod';
import { axisInputSchema, axisValues, type AxisInput } from './axis-input.js';
import { AXES } from './axes.js';
import { LARGEST_TOLERANCE, SMALLEST_TOLERANCE } from './limits.js';
import { AXIS_NAMES, type AxisName } from './study.js';

/** The most grids of a study. */
export const MOST_GRIDS = 1000;

/** The most combinations of values that `exclude` stands for, in all of its entries. */
const LARGEST_EXCLUSION = 10_000;

/** Names of studies and grids: they become folders and workflow ids. */
const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'must be 1 to 64 letters, digits, `.`, `_` or `-`, and start with a letter or a digit',
  )
  .refine((text) => !text.endsWith('.'), {
    error: 'must not end in a dot: Windows drops it, so that two names would be one folder',
  })
  .refine((text) => !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(text), {
    error: 'must not be the name of a device of Windows (con, prn, aux, nul, com1, lpt1, ...)',
  });

/** Whether a text may be the name of a study. */
export function isStudyName(text: string): boolean {
  return name.safeParse(text).success;
}

/** Every axis, optional: what defaults, grids and exclusions say about points. The ids name them in the JSON Schema. */
const axisInputs = Object.fromEntries(
  AXIS_NAMES.map((id) => {
    const { meaning: description } = AXES[id];
    return [id, axisInputSchema(AXES[id]).meta({ id, description }).optional()];
  }),
) as Record<AxisName, z.ZodOptional<z.ZodType<AxisInput>>>;

/** The axes of a mapping by themselves. */
export const axesSchema = z.strictObject(axisInputs);

/** Axes whose values lie between each other: where a transition can be searched. */
const SEARCHABLE_AXES = AXIS_NAMES.filter((axis) => AXES[axis].scale !== null);
/** Axes along which the samples grow and the ratios stay or follow: where the large-sample law is fitted. */
const GROWING_AXES = ['sampleScale', 'majoritySamples', 'minoritySamples'] as const;

/** What `locate` says. */
export const locateSchema = z.strictObject({
  along: z.enum(SEARCHABLE_AXES).describe('The axis to search; the grid must vary it.'),
  tolerance: z
    .number()
    .min(1e-9)
    .max(0.5)
    .default(1e-3)
    .describe('Relative width of a bracket that is narrow enough; integer axes go down to 1.'),
});

/** What `fitLimit` says. */
export const fitLimitSchema = z.strictObject({
  along: z.enum(GROWING_AXES).describe('The axis along which the samples grow.'),
});

const axisName = z.enum(AXIS_NAMES);
const zipGroup = z.array(axisName).min(2);

/** What `zip` says: one group of names that step together, or a list of such groups. */
export const zipSchema = z.union([zipGroup, z.array(zipGroup).min(1)], {
  error: 'must be a list of names that step together, or a list of such lists',
});

const exclusionSchema = axesSchema.refine((exclusion) => Object.keys(exclusion).length > 0, {
  error: 'must name what to leave out',
});

/** How many combinations of values an entry of `exclude` stands for, without listing them. */
function combinations(exclusion: z.infer<typeof axesSchema>): number {
  const counts = AXIS_NAMES.map((axis) => {
    const input = exclusion[axis];
    return input === undefined ? 0 : axisValues(AXES[axis], input).length;
  }).filter((count) => count > 0);
  return counts.length === 0 ? 0 : counts.reduce((product, count) => product * count, 1);
}

/** One entry of `exclude`. */
export type Exclusion = z.infer<typeof exclusionSchema>;

/** What `exclude` says. */
export const excludesSchema = z
  .array(exclusionSchema)
  .min(1)
  .max(1000)
  .check(({ value: exclusions, issues }) => {
    if (issues.length > 0) return;
    const points = exclusions.reduce((sum, exclusion) => sum + combinations(exclusion), 0);
    if (points <= LARGEST_EXCLUSION) return;
    const message = `must list at most ${LARGEST_EXCLUSION} combinations, not ${points}`;
    issues.push({ code: 'custom', input: exclusions, message });
  });

/** One grid as a person writes it. */
export const gridSchema = z.strictObject({
  name: name.describe('The name of the grid; each in a study has its own.'),
  ...axisInputs,
  zip: zipSchema.optional().describe('Names that step together instead of forming a product.'),
  exclude: excludesSchema
    .optional()
    .describe('Points to leave out: those that agree with every name of an entry.'),
  locate: locateSchema.optional().describe('Bracket every transition along one axis.'),
  fitLimit: fitLimitSchema.optional().describe('Fit the large-sample law along one axis.'),
});

/** What `solver` says, with its defaults. */
export const solverSchema = z.strictObject({
  kind: z
    .enum(['tensor', 'exact'])
    .default('tensor')
    .describe('`tensor`: gradient descent on W, H, b in batches; `exact`: the convex reduction.'),
  tolerance: z
    .number()
    .min(SMALLEST_TOLERANCE)
    .max(LARGEST_TOLERANCE)
    .default(1e-6)
    .describe('Relative duality gap at which a solution counts as certified.'),
  polish: z
    .boolean()
    .default(true)
    .describe('Go on in float64 where the tensor solver stops above the tolerance.'),
});

/** A study file as a person writes it: what each key allows by itself. `resolve.ts` checks keys against each other. */
export const studySchema = z.strictObject({
  version: z.literal(1).describe('The version of this format: 1.'),
  name: name.describe('The name of the study.'),
  defaults: axesSchema.optional().describe('What every grid starts from.'),
  grids: z.array(gridSchema).min(1).max(MOST_GRIDS).describe('The grids of the study.'),
  solver: solverSchema.prefault({}).describe('How points are solved.'),
  shardSize: z
    .union([z.literal('auto'), z.int().min(1).max(100_000)])
    .default('auto')
    .describe(
      'The most points that are solved and stored together; auto for as many as take a few seconds.',
    ),
});

/** The JSON Schema (draft 2020-12) of study files, for completion and checks in editors. */
export function studyJsonSchema(): object {
  return z.toJSONSchema(studySchema, { io: 'input' });
}
