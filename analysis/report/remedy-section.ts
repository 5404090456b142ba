import { REMEDY_AXIS_NAMES } from '../../study/remedy-axes.js';
import type { AxisName, AxisValue, Grid } from '../../study/study.js';
import type { ReportData } from './data.js';
import type { Section } from './section.js';
import { table } from './table.js';

/** Values of an axis that are written out. */
const MOST_SHOWN = 6;

/** What each grid does against the imbalance, and which model it is; null where all are plain. */
export function remedySection({ grids }: ReportData): Section | null {
  const rows = grids.flatMap((grid) => REMEDY_AXIS_NAMES.flatMap((name) => rowOf(grid, name)));
  if (rows.length === 0) return null;
  return {
    id: 'remedies',
    title: 'What is done against the imbalance',
    intro:
      'Remedies and models other than plain cross entropy, by the names of the study file. Grids that are not named are plain.',
    content: table([['Grid', 'text'], ['Name', 'text'], ['Values', 'text']], rows, 'the study'), // prettier-ignore
  };
}

/** None where a grid does not say the name. */
function rowOf(grid: Grid, name: AxisName): [grid: string, name: string, values: string][] {
  const axis = grid.axes.find(({ names }) => names.includes(name));
  const values = axis?.steps.map((step) => step[name]!) ?? [grid.fixed[name]];
  const [first] = values;
  if (first === undefined) return [];
  const shown = values.slice(0, MOST_SHOWN).map((value) => textOf(value!));
  const more = values.length - shown.length;
  return [[grid.name, name, [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ')]];
}

/** `{exponent: 0.5}` without quotes, as in a study file. */
function textOf(value: AxisValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '');
}
