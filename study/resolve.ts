import { buildGrid } from './grid.js';
import { partFindings } from './grid-parts.js';
import { pointFindings } from './grid-points.js';
import { formatPath, type Finding, type Path } from './problems.js';
import { gridSchema, solverSchema, studySchema } from './schema.js';
import { asMapping, readSettings, type Settings } from './settings.js';
import type { Grid, SolverSettings, Study } from './study.js';
import { completenessFindings, conflictFindings, mergeSettings } from './ways.js';
import { findingsOf } from './wording.js';

/** A study, or what is wrong with the value that should say one. */
export type ResolvedStudy =
  | { readonly ok: true; readonly study: Study }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** A grid, unless the schema or a finding forbids it. */
interface ResolvedGrid {
  readonly grid: Grid | null;
  readonly findings: readonly Finding[];
}

/**
 * Makes a study of the value of a study file, or says everything that is wrong with it: first key by key (the
 * schema), then how the names of a grid fit together. The second look works on what the first left standing.
 */
export function resolveStudy(value: unknown): ResolvedStudy {
  const stated = studySchema.safeParse(value, { reportInput: true });
  const { defaults: rawDefaults, grids: rawGrids, solver: rawSolver } = asMapping(value);
  const defaults = readSettings(rawDefaults, ['defaults']);
  const solver = solverSchema.catch(solverSchema.parse({})).parse(rawSolver);
  const grids = (Array.isArray(rawGrids) ? rawGrids : []).map((raw: unknown, i) =>
    resolveGrid(raw, defaults, ['grids', i], solver),
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

/** Each look is worth taking only when the one before found nothing to follow from. */
function resolveGrid(
  raw: unknown,
  defaults: Settings,
  path: Path,
  solver: SolverSettings,
): ResolvedGrid {
  const own = readSettings(raw, path);
  const conflicts = [...conflictFindings(defaults), ...conflictFindings(own)];
  if (conflicts.length > 0) return { grid: null, findings: conflicts };

  const settings = mergeSettings(defaults, own);
  const findings = [...completenessFindings(settings, path), ...partFindings(raw, settings, path)];
  const stated = gridSchema.safeParse(raw);
  const valid = [...settings.values()].every(({ values }) => values !== null);
  if (findings.length > 0 || !stated.success || !valid) return { grid: null, findings };

  const grid = buildGrid(stated.data, settings);
  return { grid, findings: pointFindings(grid, settings, path, solver) };
}

/** Grids of one name; file systems may not tell `A` from `a`. */
function repeatedNames(rawGrids: unknown): Finding[] {
  const names = (Array.isArray(rawGrids) ? rawGrids : []).map((raw) => {
    const { name } = asMapping(raw);
    return typeof name === 'string' ? name.toLowerCase() : null;
  });
  return names.flatMap((name, i): Finding[] => {
    if (name === null || names.indexOf(name) === i) return [];
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
