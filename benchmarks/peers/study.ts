import { LARGEST_AXIS } from '../../study/range.js';

/** A study of exactly so many points, >= 2: as few minority sizes as axes allow, each with about as many values of lambda. */
export function studyText(points: number, shardSize: number): string {
  const sizes = Math.ceil(points / LARGEST_AXIS);
  const longer = points % sizes;
  const values = Math.floor(points / sizes);
  const grids = [
    ...gridLine('longer', 1, longer, values + 1),
    ...gridLine('shorter', longer + 1, sizes, values),
  ];
  return `version: 1
name: trials
shardSize: ${shardSize}
defaults: {classes: 10, majorityClasses: 5, majoritySamples: 1000, lambdaB: 0.02}
grids:
${grids.join('\n')}
solver: {kind: exact, tolerance: 1e-9}
`;
}

/** A grid over the minority sizes from one to another, both included; none where there are none. */
function gridLine(name: string, from: number, to: number, values: number): string[] {
  if (from > to) return [];
  const minoritySamples = Array.from({ length: to - from + 1 }, (_, i) => from + i).join(', ');
  const lambda = `{from: 0.001, to: 0.01, points: ${values}}`;
  return [`  - {name: ${name}, minoritySamples: [${minoritySamples}], lambda: ${lambda}}`];
}
