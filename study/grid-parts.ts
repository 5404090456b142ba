import type { z } from 'zod';
import type { Finding, Path } from './problems.js';
import {
  excludesSchema,
  fitLimitSchema,
  locateSchema,
  zipSchema,
  type Exclusion,
} from './schema.js';
import { asMapping, type Settings } from './settings.js';
import { AXIS_NAMES, type AxisName, type FitLimit, type Locate } from './study.js';

/** The fewest samples that can tell a law of three parameters from noise. */
const FEWEST_FITTED = 4;

/** What a grid says beside its names, read part by part: what is absent or not valid is empty or null. */
export interface GridParts {
  readonly zip: readonly (readonly AxisName[])[];
  readonly exclude: readonly Exclusion[];
  readonly locate: Locate | null;
  readonly fitLimit: FitLimit | null;
  /** Whether `zip` and `exclude`, which decide what the points are, were valid. */
  readonly sound: boolean;
}

/** Reads the parts of a grid; the schema has told what is not valid in them. */
export function readParts(raw: unknown): GridParts {
  const { zip, exclude, locate, fitLimit } = asMapping(raw);
  const zipped = zipSchema.optional().safeParse(zip);
  const excluded = excludesSchema.optional().safeParse(exclude);
  return {
    zip: zipGroups(zipped.data ?? []),
    exclude: excluded.data ?? [],
    locate: valid(locateSchema, locate),
    fitLimit: valid(fitLimitSchema, fitLimit),
    sound: zipped.success && excluded.success,
  };
}

function valid<T>(schema: z.ZodType<T>, input: unknown): T | null {
  return schema.safeParse(input).data ?? null;
}

function zipGroups(zip: z.infer<typeof zipSchema>): AxisName[][] {
  return isOneGroup(zip) ? [zip] : zip;
}

function isOneGroup(zip: z.infer<typeof zipSchema>): zip is AxisName[] {
  return typeof zip[0] === 'string';
}

/** How `zip` misfits the names that the grid gives. */
export function zipFindings({ zip }: GridParts, settings: Settings, path: Path): Finding[] {
  const earlier = new Set<AxisName>();
  return zip.flatMap((group) => {
    const message = zipMisfit(group, earlier, settings);
    for (const name of group) earlier.add(name);
    return message === null ? [] : [axisFinding([...path, 'zip'], message)];
  });
}

function zipMisfit(
  group: readonly AxisName[],
  earlier: ReadonlySet<AxisName>,
  settings: Settings,
): string | null {
  const twice = group.find((name, i) => group.indexOf(name) < i || earlier.has(name));
  if (twice !== undefined) return `\`${twice}\` stands in it twice`;
  const constant = group.find((name) => countOf(settings, name) < 2);
  if (constant !== undefined) {
    return `the grid does not vary \`${constant}\`, so it cannot step with the others`;
  }
  const counts = group.map((name) => countOf(settings, name)).filter((count) => count < Infinity);
  if (new Set(counts).size <= 1) return null;
  const lengths = group.map((name) => `\`${name}\` has ${countOf(settings, name)}`).join(', ');
  return `names that step together need equally many values: ${lengths}`;
}

/** How `exclude` misfits the names that the grid gives. */
export function excludeFindings({ exclude }: GridParts, settings: Settings, path: Path): Finding[] {
  return exclude.flatMap((excluded, i) =>
    AXIS_NAMES.filter((name) => name in excluded && !settings.has(name)).map((name) =>
      axisFinding([...path, 'exclude', i, name], `the grid says nothing about \`${name}\``),
    ),
  );
}

/** How `locate` and `fitLimit` misfit the axes of the grid. */
export function searchFindings(parts: GridParts, settings: Settings, path: Path): Finding[] {
  const { locate, fitLimit } = parts;
  const unlocated = locate === null ? null : locateMisfit(locate.along, parts.zip.flat(), settings);
  const unfitted = fitLimit === null ? null : fitMisfit(fitLimit.along, settings);
  return [
    ...(unlocated === null ? [] : [axisFinding([...path, 'locate', 'along'], unlocated)]),
    ...(unfitted === null ? [] : [axisFinding([...path, 'fitLimit', 'along'], unfitted)]),
  ];
}

function locateMisfit(
  along: AxisName,
  zipped: readonly AxisName[],
  settings: Settings,
): string | null {
  if (countOf(settings, along) < 2) return unvaried(along, settings);
  if (zipped.includes(along)) {
    return `\`${along}\` is zipped to other names; between its values the others have none`;
  }
  const words = settings.get(along)?.values?.some((value) => typeof value !== 'number') ?? false;
  return words
    ? `\`${along}\` has values that are not numbers; put those into a grid of their own`
    : null;
}

function fitMisfit(along: AxisName, settings: Settings): string | null {
  const count = countOf(settings, along);
  if (count < 2) return unvaried(along, settings);
  return count < FEWEST_FITTED
    ? `a law needs at least ${FEWEST_FITTED} values of \`${along}\`, not ${count}`
    : null;
}

function unvaried(along: AxisName, settings: Settings): string {
  const varied = [...settings].filter(([, { values }]) => values !== null && values.length > 1);
  const instead = varied.map(([name]) => `\`${name}\``).join(', ') || 'nothing';
  return `the grid does not vary \`${along}\`; it varies ${instead}`;
}

/** How many values a name has; infinitely many where they are not valid, so that nothing follows from them. */
function countOf(settings: Settings, name: AxisName): number {
  const setting = settings.get(name);
  if (setting === undefined) return 0;
  return setting.values === null ? Infinity : setting.values.length;
}

function axisFinding(path: Path, message: string): Finding {
  return { code: 'axis', path, message, at: 'value' };
}
