import { slicesOf, type TransitionPoint } from '../../analysis/slices.js';
import { thresholdsOf, type TransitionSlice } from '../../analysis/thresholds.js';
import { coordinatesOf, instanceAt } from '../../study/expand.js';
import type { AxisName, Grid, Study } from '../../study/study.js';
import { solveBatch } from '../../ufm/solve.js';

const solver = { kind: 'exact', tolerance: 1e-9, polish: false } as const;

/** The slices of a grid solved exactly: what the rows of a study would say. */
export async function solvedSlices(grid: Grid, along: AxisName): Promise<TransitionSlice[]> {
  const study: Study = { version: 1, name: 'solved', solver, shardSize: 64, grids: [grid] };
  const coordinates = [...coordinatesOf(grid)];
  const instances = coordinates.map((each) => instanceAt(study, each));
  const solutions = await solveBatch(instances, { device: 'loops' });
  const points = solutions.map((solution, i): TransitionPoint => {
    const { lambdaW, lambdaH } = instances[i]!;
    return {
      ...instances[i]!,
      ...solution,
      key: String(i),
      coordinates: coordinates[i]!,
      x: coordinates[i]![along] as number,
      lambda: Math.sqrt(lambdaW * lambdaH),
      nuclearNorm: solution.singularValues?.reduce((a, b) => a + b) ?? null,
    };
  });
  return slicesOf(grid, along, points).map((slice) => ({
    grid: grid.name,
    along,
    ...slice,
    thresholds: thresholdsOf(grid, along, slice),
  }));
}
