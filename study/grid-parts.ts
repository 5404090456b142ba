import type { z } from 'zod';
import type { Finding, Path } from './problems.js';
import { fitLimitSchema, locateSchema, zipSchema } from './schema.js';
import { asMapping, type Settings } from './settings.js';
import { AXIS_NAMES, type AxisName } from './study.js';

/** The fewest samples that can tell a law of three parameters from noise. */
const FEWEST_FITTED = 4;

/** How `zip`, `locate`, `fitLimit` and `exclude` of a grid misfit the names that it gives. */
export function partFindings(raw: unknown, settings: Settings, path: Path): Finding[] {
  const { zip, locate, fitLimit, exclude } = asMapping(raw);
  const groups = zipGroups(zip);
  return [
    ...groups.flatMap((group, i) =>
      zipFindings(group, groups.slice(0, i), settings, [...path, 'zip']),
    ),
    ...locateFindings(valid(locateSchema, locate)?.along, groups, settings, [
      ...path,
      'locate',
      'along',
    ]),
    ...fitFindings(valid(fitLimitSchema, fitLimit)?.along, settings, [
      ...path,
      'fitLimit',
      'along',
    ]),
    ...excludedNameFindings(exclude, settings, [...path, 'exclude']),
  ];
}

/** The groups of names that step together; none where `zip` is absent or not valid. */
export function zipGroups(input: unknown): AxisName[][] {
  const zip = valid(zipSchema, input) ?? [];
  return isOneGroup(zip) ? [zip] : zip;
}

function isOneGroup(zip: AxisName[] | AxisName[][]): zip is AxisName[] {
  return typeof zip[0] === 'string';
}

function valid<T>(schema: z.ZodType<T>, input: unknown): T | undefined {
  return schema.safeParse(input).data;
}

const axisFinding = (path: Path, message: string): Finding => ({
  code: 'axis',
  path,
  message,
  at: 'value',
});

function zipFindings(
  group: readonly AxisName[],
  earlier: readonly AxisName[][],
  settings: Settings,
  path: Path,
): Finding[] {
  const twice = group.find((name, i) => group.indexOf(name) < i || earlier.flat().includes(name));
  if (twice !== undefined) return [axisFinding(path, `\`${twice}\` stands in it twice`)];
  const constant = group.find((name) => countOf(settings, name) < 2);
  if (constant !== undefined) {
    return [
      axisFinding(
        path,
        `the grid does not vary \`${constant}\`, so it cannot step with the others`,
      ),
    ];
  }
  const counts = group.map((name) => countOf(settings, name)).filter((count) => count < Infinity);
  if (new Set(counts).size <= 1) return [];
  const lengths = group.map((name) => `\`${name}\` has ${countOf(settings, name)}`).join(', ');
  return [axisFinding(path, `names that step together need equally many values: ${lengths}`)];
}

function locateFindings(
  along: AxisName | undefined,
  groups: readonly AxisName[][],
  settings: Settings,
  path: Path,
): Finding[] {
  if (along === undefined) return [];
  if (countOf(settings, along) < 2) return [axisFinding(path, unvaried(along, settings))];
  if (groups.flat().includes(along)) {
    return [
      axisFinding(
        path,
        `\`${along}\` is zipped to other names; between its values the others have none`,
      ),
    ];
  }
  if (settings.get(along)?.values?.some((value) => typeof value !== 'number') === true) {
    return [
      axisFinding(
        path,
        `\`${along}\` has values that are not numbers; put those into a grid of their own`,
      ),
    ];
  }
  return [];
}

function fitFindings(along: AxisName | undefined, settings: Settings, path: Path): Finding[] {
  if (along === undefined) return [];
  const count = countOf(settings, along);
  if (count < 2) return [axisFinding(path, unvaried(along, settings))];
  if (count >= FEWEST_FITTED) return [];
  return [
    axisFinding(path, `a law needs at least ${FEWEST_FITTED} values of \`${along}\`, not ${count}`),
  ];
}

function unvaried(along: AxisName, settings: Settings): string {
  const varied = [...settings.keys()].filter((name) => countOf(settings, name) > 1);
  const instead = varied.map((name) => `\`${name}\``).join(', ') || 'nothing';
  return `the grid does not vary \`${along}\`; it varies ${instead}`;
}

function excludedNameFindings(exclude: unknown, settings: Settings, path: Path): Finding[] {
  const entries: unknown[] = Array.isArray(exclude) ? exclude : [];
  return entries.flatMap((entry, i) =>
    AXIS_NAMES.filter((name) => name in asMapping(entry) && !settings.has(name)).map((name) =>
      axisFinding([...path, i, name], `the grid says nothing about \`${name}\``),
    ),
  );
}

/** How many values a name has; infinitely many where they are not valid, so that nothing follows from them. */
function countOf(settings: Settings, name: AxisName): number {
  const setting = settings.get(name);
  if (setting === undefined) return 0;
  return setting.values === null ? Infinity : setting.values.length;
}
