import { describe, expect, it } from 'vitest';
import { planRound } from '../../activities/plan.js';
import { solvePart } from '../../activities/solve-part.js';
import { Staleness } from '../../activities/staleness.js';
import { gridPoints } from '../../activities/survey.js';
import { openDatabase } from '../../results/database.js';
import { partPath, shardId } from '../../results/paths.js';
import type { Store } from '../../results/store.js';
import { loadStudy } from '../../results/studies.js';
import { canonicalJson, pointKey } from '../../study/key.js';
import type { Point } from '../../study/study.js';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { newStore, saveText, SMALL_STUDY, surroundings, worker } from './small-study.js';

async function pointsOf(store: Store, text: string, version = NUMERICAL_VERSION): Promise<Point[]> {
  const study = await loadStudy(store, await saveText(store, text));
  return [...gridPoints(study)].map((point) => ({
    ...point,
    key: pointKey(point.instance, version),
    instanceJson: canonicalJson(point.instance),
  }));
}

/** Lands the points of a study as if the program of that version had solved them. */
async function land(store: Store, text: string, numericalVersion = NUMERICAL_VERSION) {
  const points = (await pointsOf(store, text, numericalVersion)).map(({ key, instance }) => ({
    key,
    instance: canonicalJson(instance),
  }));
  const provenance = {
    attempt: 1,
    worker: worker.identity,
    codeVersion: worker.codeVersion,
    numericalVersion,
    specHash: 'test',
  };
  const task = { points, solved: new Map(), provenance };
  const { bytes } = await solvePart(task, { device: 'cpu' });
  await store.publish(partPath(shardId(points.map(({ key }) => key))), bytes);
}

async function reasonsFor(store: Store, text: string): Promise<string[]> {
  const points = await pointsOf(store, text);
  const database = await openDatabase(store);
  try {
    return await (await Staleness.of(database)).reasonsOf(points);
  } finally {
    database.close();
  }
}

const nine = (reason: string): string[] => Array.from({ length: 9 }, () => reason);

describe('a point is stale', () => {
  it('when another version of the numerics solved it, and that row is not reused', async () => {
    const store = await newStore();
    await land(store, SMALL_STUDY, NUMERICAL_VERSION + 1);
    expect(await reasonsFor(store, SMALL_STUDY)).toEqual(
      nine(`numerical version ${NUMERICAL_VERSION + 1}, now ${NUMERICAL_VERSION}`),
    );
    const reference = await saveText(store, SMALL_STUDY);
    expect(await planRound(reference, 0, false, surroundings())).toMatchObject({ cached: 0 });
  });

  it('when it was solved to another tolerance', async () => {
    const store = await newStore();
    await land(store, SMALL_STUDY);
    expect(await reasonsFor(store, SMALL_STUDY.replace('1e-9', '1e-10'))).toEqual(
      nine('tolerance 1e-9, now 1e-10'),
    );
  });

  it('and says the least that differs', async () => {
    const store = await newStore();
    await land(store, SMALL_STUDY);
    await land(store, SMALL_STUDY.replace('1e-9', '1e-6'), NUMERICAL_VERSION + 1);
    expect(await reasonsFor(store, SMALL_STUDY.replace('1e-9', '1e-10'))).toEqual(
      nine('tolerance 1e-9, now 1e-10'),
    );
  });
});

describe('a point is not stale', () => {
  it('when the other solver solved its twin, as in a study that asks both', async () => {
    const store = await newStore();
    const both = SMALL_STUDY.replace('lambdaB: 0.02', 'lambdaB: 0.02, solverKind: [exact, tensor]');
    await land(store, SMALL_STUDY);
    expect(await reasonsFor(store, both)).toEqual([]);
    const tensor = SMALL_STUDY.replace('kind: exact', 'kind: tensor');
    await land(store, tensor);
    expect(await reasonsFor(store, tensor)).toEqual([]);
    expect(await reasonsFor(store, SMALL_STUDY.replace('1e-9', '1e-10'))).toEqual(
      nine('tolerance 1e-9, now 1e-10'),
    );
  });

  it('when nothing like it has landed, or it differs in the problem itself', async () => {
    const store = await newStore();
    expect(await reasonsFor(store, SMALL_STUDY)).toEqual([]);
    await land(store, SMALL_STUDY);
    expect(await reasonsFor(store, SMALL_STUDY.replace('lambdaB: 0.02', 'lambdaB: 0.03'))).toEqual(
      [],
    );
  });
});
