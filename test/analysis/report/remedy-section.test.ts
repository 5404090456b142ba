import { describe, expect, it } from 'vitest';
import { html } from '../../../analysis/report/html.js';
import { remedySection } from '../../../analysis/report/remedy-section.js';
import type { Grid } from '../../../study/study.js';
import { gridOf, studyOf, studyText } from '../../study/studies.js';
import { HOSTILE, hostileReport } from './hostile-report.js';

const TWO = ['classes: 10', 'majorityClasses: 5', 'majoritySamples: 500', 'minoritySamples: 100'];

const sectionOf = (...grids: Grid[]) => remedySection({ ...hostileReport(), grids });
const textOf = (...grids: Grid[]) => html`${sectionOf(...grids)?.content ?? ''}`.text.replaceAll(/<[^>]*>|\s+/g, ' ').replaceAll(/\s+/g, ' '); // prettier-ignore

describe('the table of remedies', () => {
  it('is not there where every grid is plain', () => {
    expect(sectionOf(gridOf(...TWO, 'lambda: [1, 2]'))).toBeNull();
  });

  it('says what a grid fixes and what it varies, by the names of the study file', () => {
    const grid = gridOf(
      ...TWO,
      'lambda: [1, 2]',
      'classWeights: [{exponent: 0}, {exponent: 0.5}, [1, 2]]',
      'labelSmoothing: 0.1',
      'logitAdjustment: {from: -4, to: 4, points: 9}',
    );
    const text = textOf(grid);
    expect(text).toContain('classWeights');
    expect(text).toContain('{exponent:0}, {exponent:0.5}, [1,2]');
    expect(text).toMatch(/labelSmoothing [^a-z]*0\.1/);
    expect(text).toContain('-4, -3, -2, -1, 0, 1, and 3 more');
    expect(text).not.toContain('margins');
  });

  it('says another model', () => {
    const { grids } = studyOf(studyText(...TWO, 'solverKind: exact', 'normBounds: {w: 1, h: 5}'));
    expect(textOf(...grids)).toContain('{w:1,h:5}');
  });

  it('shows hostile values as text', () => {
    const hostile = html`${remedySection(hostileReport())!.content}`.text;
    expect(hostile).toContain('loss');
    expect(hostile).not.toContain(HOSTILE);
    expect(hostile).not.toContain('<img');
  });
});
