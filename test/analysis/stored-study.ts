import { createHash } from 'node:crypto';
import { encodePart } from '../../results/part.js';
import { partPath, shardId } from '../../results/paths.js';
import type { Row } from '../../results/row.js';
import type { Store } from '../../results/store.js';
import { saveStudy } from '../../results/studies.js';
import { coordinatesOf, instanceAt } from '../../study/expand.js';
import type { Instance } from '../../study/instance.js';
import { canonicalJson, specHash } from '../../study/key.js';
import type { StudyReference } from '../../study/orchestration.js';
import type { PlannedPoint, Study } from '../../study/study.js';
import type { Solution } from '../../ufm/solution.js';
import { publishPlan } from '../results/published-plan.js';

/** Solves instances; a null is a point that has not landed. */
export type Solver = (instances: readonly Instance[]) => Promise<readonly (Solution | null)[]>;

/** Plans every point of a study, solves them and lands their rows: what a run leaves behind. */
export async function storeSolvedStudy(
  store: Store,
  study: Study,
  solve: Solver,
  text = '',
): Promise<StudyReference> {
  const version = await saveStudy(store, study, specHash(study), text);
  const points = study.grids.flatMap((grid) =>
    [...coordinatesOf(grid)].map((coordinates): PlannedPoint => {
      const instance = instanceAt(study, coordinates);
      const key = createHash('sha256').update(JSON.stringify(instance)).digest('hex');
      const instanceJson = canonicalJson(instance);
      return { key, grid: grid.name, coordinates, instance, instanceJson, round: 0, shard: 0 };
    }),
  );
  await publishPlan(store, version, points);
  const solutions = await solve(points.map(({ instance }) => instance));
  const rows = points.flatMap(({ key, instance }, i): Row[] => {
    const solution = solutions[i] ?? null;
    const provenance = {
      attempt: 1,
      worker: 'worker-1',
      codeVersion: '0.1.0',
      numericalVersion: 1,
      specHash: version.specHash,
      solvedAt: new Date(0),
    };
    return solution === null ? [] : [{ key, instance, solution, provenance }];
  });
  if (rows.length > 0) {
    await store.publish(partPath(shardId(rows.map(({ key }) => key))), encodePart(rows));
  }
  return { store: store.url, study: study.name, specHash: version.specHash };
}
