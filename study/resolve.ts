import { buildGrid } from './grid.js';
import { excludeFindings, readParts, searchFindings, zipFindings } from './grid-parts.js';
import { pointFindings } from './grid-points.js';
import { MOST_VALUES } from './limits.js';
import { formatPath, type Finding, type Path } from './problems.js';
import { MOST_GRIDS, solverSchema, studySchema } from './schema.js';
import { asMapping, readSettings, type Settings } from './settings.js';
import type { Grid, SolverSettings, Study } from './study.js';
import { valueCount } from './value-count.js';
import { completenessFindings, conflictFindings, mergeSettings } from './ways.js';
import { findingsOf } from './wording.js';

/** A study, or what is wrong with the value that should say one. */
export type ResolvedStudy =
  | { readonly ok: true; readonly study: Study }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** A grid, null where not even its points are known. It counts when there are no findings at all. */
interface ResolvedGrid {
  readonly grid: Grid | null;
  readonly findings: readonly Finding[];
}

/**
 * Makes a study of the value of a study file, or says everything that is wrong with it: first key by key (the
 * schema), then how the names of a grid fit together. The second look works on what the first left standing.
 */
export function resolveStudy(value: unknown): ResolvedStudy {
  const values = valueCount(value);
  if (values > MOST_VALUES) {
    const message =
      `list ${Math.ceil(values).toLocaleString('en-US')} values on their axes, those of the defaults counted for each; ` +
      `a study has at most ${MOST_VALUES.toLocaleString('en-US')}: take wider steps, or several studies`;
    return { ok: false, findings: [{ code: 'too-large', path: ['grids'], message, at: 'value' }] };
  }
  const stated = studySchema.safeParse(value, { reportInput: true });
  const { defaults: rawDefaults, grids: rawGrids, solver: rawSolver } = asMapping(value);
  const defaults = readSettings(rawDefaults, ['defaults']);
  const solver = solverSchema.catch(solverSchema.parse({})).parse(rawSolver);
  // More than there may be are told of by the schema, and not looked at.
  const grids = (Array.isArray(rawGrids) ? rawGrids.slice(0, MOST_GRIDS) : []).map(
    (raw: unknown, i) => resolveGrid(raw, defaults, ['grids', i], solver),
  );

  const findings = [
    ...(stated.success ? [] : findingsOf(stated.error.issues)),
    ...conflictFindings(defaults),
    ...repeatedNames(rawGrids),
    ...grids.flatMap((grid) => grid.findings),
  ];
  if (!stated.success || findings.length > 0) return { ok: false, findings: distinct(findings) };
  const { version, name, shardSize } = stated.data;
  const resolved = grids.flatMap(({ grid }) => (grid === null ? [] : [grid]));
  return { ok: true, study: { version, name, grids: resolved, solver, shardSize } };
}

function resolveGrid(
  raw: unknown,
  defaults: Settings,
  path: Path,
  solver: SolverSettings,
): ResolvedGrid {
  const own = readSettings(raw, path);
  const settings = mergeSettings(defaults, own);
  const parts = readParts(raw);
  const conflicts = conflictFindings(own);
  const contradictory = conflicts.length + conflictFindings(defaults).length > 0;
  const aside = [
    ...conflicts,
    ...(contradictory ? [] : completenessFindings(settings, path)),
    ...searchFindings(parts, settings, path),
  ];
  // What the points are shows only where `zip` and `exclude` make sense.
  const about = [...zipFindings(parts, settings, path), ...excludeFindings(parts, settings, path)];
  if (about.length > 0 || !parts.sound) return { grid: null, findings: [...aside, ...about] };

  const { name } = asMapping(raw);
  // The schema tells of a name that is no text, and no such grid is kept.
  const grid = buildGrid(typeof name === 'string' ? name : '', settings, parts);
  return { grid, findings: [...aside, ...pointFindings(grid, settings, path, solver)] };
}

/** Grids of one name; file systems may not tell `A` from `a`. */
function repeatedNames(rawGrids: unknown): Finding[] {
  const earlier = new Set<string>();
  return (Array.isArray(rawGrids) ? rawGrids : []).flatMap((raw, i): Finding[] => {
    const { name } = asMapping(raw);
    if (typeof name !== 'string') return [];
    const isRepeated = earlier.has(name.toLowerCase());
    earlier.add(name.toLowerCase());
    if (!isRepeated) return [];
    const message = 'an earlier grid has this name already';
    return [{ code: 'conflict', path: ['grids', i, 'name'], message, at: 'value' }];
  });
}

/** What the defaults do wrong shows in every grid; it is told once. */
function distinct(findings: readonly Finding[]): Finding[] {
  const byText = new Map(
    findings.map((finding) => [`${formatPath(finding.path)}: ${finding.message}`, finding]),
  );
  return [...byText.values()];
}
