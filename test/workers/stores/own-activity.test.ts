import { rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { INFRASTRUCTURE } from '../../../study/failures.js';
import type { StudyReference } from '../../../study/orchestration.js';
import { countUpTo } from '../../../study/shape.js';
import { ownActivity } from '../../../workers/stores/own-activity.js';
import { ServedStores } from '../../../workers/stores/served-stores.js';
import { newStore, saveText, SMALL_STUDY } from '../../activities/small-study.js';

/** Runs an activity that answers with the reference that it got. */
function run(stores: ServedStores, reference: unknown, shard: unknown): Promise<unknown> {
  const rest = { shard: [shard, countUpTo(9)] } as const;
  return new MockActivityEnvironment().run(() =>
    ownActivity(stores, reference as StudyReference, rest, (own) => Promise.resolve(own)),
  );
}

describe('an activity', () => {
  it('gets the study as it is found from here', async () => {
    const own = await saveText(await newStore(), SMALL_STUDY);
    const elsewhere = { ...own, store: '/mounted/elsewhere' };
    expect(await run(ServedStores.ofStudy(own), elsewhere, 0)).toEqual(own);
  });

  it.each<[string, (own: StudyReference) => [reference: unknown, shard: unknown], RegExp]>([
    ['no study', () => [null, 0], /reference has to be an object, not null/],
    [
      'a study whose name leads elsewhere',
      (own) => [{ ...own, study: '../../etc' }, 0],
      /reference\.study/,
    ],
    [
      'a version that leads elsewhere',
      (own) => [{ ...own, specHash: '../..' }, 0],
      /reference\.specHash/,
    ],
    [
      'a shard that is no number',
      (own) => [own, '1'],
      /shard has to be a whole number from 0 to 9, not "1"/,
    ],
  ])('is refused for good when it is for %s', async (_, given, message) => {
    const own = await saveText(await newStore(), SMALL_STUDY);
    await expect(run(ServedStores.ofStudy(own), ...given(own))).rejects.toMatchObject({
      type: 'InvalidInput',
      nonRetryable: true,
      message: expect.stringMatching(message) as string,
    });
  });

  it('fails as infrastructure where the store is not in its place, whatever the tries that it was given', async () => {
    const own = await saveText(await newStore(), SMALL_STUDY);
    await rename(own.store, `${own.store}-away`);
    onTestFinished(() => rm(`${own.store}-away`, { recursive: true }));
    await expect(run(ServedStores.ofStudy(own), own, 0)).rejects.toMatchObject({
      type: INFRASTRUCTURE,
      nonRetryable: true,
      message: `on ${hostname()}: the store ${own.store} is not there: is its file system mounted?`,
    });
  });

  it('is refused for good where the store is none of those that are served', async () => {
    const own = await saveText(await newStore(), SMALL_STUDY);
    const other = await saveText(await newStore(), SMALL_STUDY);
    await expect(run(ServedStores.ofStudy(own), other, 0)).rejects.toMatchObject({
      type: 'StoreNotServed',
      nonRetryable: true,
    });
  });
});
