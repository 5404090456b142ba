import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gridPoints } from '../../activities/survey.js';
import { openStore } from '../../results/open-store.js';
import { encodePart } from '../../results/part.js';
import { PARTS_FOLDER, partPath, shardId } from '../../results/paths.js';
import { claimStore } from '../../results/store-identity.js';
import { canonicalJson, keyOfJson, specHash } from '../../study/key.js';
import { formatProblems, parseStudy } from '../../study/parse.js';
import type { Study } from '../../study/study.js';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { solveBatch } from '../../ufm/solve.js';

/** Points that are solved and written at once. */
const BATCH = 500;

/** A study of so many points of two clusters, which the exact solver takes 30 microseconds for. */
export function oneRowStudy(name: string, points: number): string {
  return `version: 1
name: ${name}
shardSize: 1
defaults: {classes: 10, majorityClasses: 5, lambdaB: 0.02}
grids:
  - name: grid
    majoritySamples: 1000
    minoritySamples: 10
    lambda: {from: 0.0001, to: 0.01, points: ${points}}
solver: {kind: exact, tolerance: 1e-9}
`;
}

/** A study of three points that the other one does not have. */
export const THREE_POINTS = `version: 1
name: three
defaults: {classes: 10, majorityClasses: 5, lambdaB: 0.03}
grids:
  - name: grid
    majoritySamples: 1000
    minoritySamples: 10
    lambda: {from: 0.001, to: 0.01, points: 3}
solver: {kind: exact, tolerance: 1e-9}
`;

export function parsed(text: string): Study {
  const outcome = parseStudy(text, 'study.yaml');
  if (!outcome.ok) throw new Error(formatProblems('study.yaml', outcome.problems));
  return outcome.study;
}

/**
 * Makes a store in which every point of a study has landed in a part of its own, as a program without a catalog would leave
 * it. The parts are written without syncing them to the disk: what is measured is who reads them.
 */
export async function makeOneRowStore(folder: string, study: Study): Promise<void> {
  await claimStore(openStore(folder));
  await mkdir(path.join(folder, PARTS_FOLDER));
  const provenance = {
    attempt: 1,
    worker: 'bench',
    codeVersion: '0.1.0',
    numericalVersion: NUMERICAL_VERSION,
    specHash: specHash(study),
    solvedAt: new Date(Date.UTC(2026, 0, 1)),
  };
  const points = [...gridPoints(study)];
  for (let first = 0; first < points.length; first += BATCH) {
    const instances = points.slice(first, first + BATCH).map(({ instance }) => instance);
    const solutions = await solveBatch(instances, { device: 'auto' });
    const parts = instances.map((instance, index) => {
      const key = keyOfJson(canonicalJson(instance), NUMERICAL_VERSION);
      const row = { key, instance, solution: solutions[index]!, provenance };
      return [partPath(shardId([key])), encodePart([row])] as const;
    });
    await Promise.all(parts.map(([part, bytes]) => writeFile(path.join(folder, part), bytes)));
  }
}
