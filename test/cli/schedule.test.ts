import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../results/open-store.js';
import { latestVersion } from '../../results/studies.js';
import { referenceTo } from '../../results/study-reference.js';
import { connectClient } from '../../workers/server/connection.js';
import { openServer } from '../../workers/server/server-access.js';
import { configureRuntime } from '../../workers/runtime.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { studyId } from '../../workflows/names.js';
import { SMALL_STUDY } from '../activities/small-study.js';
import { startStudyWorkers } from '../workers/study-workers.js';
import { ownServer } from '../own-server.js';
import { temporaryFolder, ufmSweep } from './command.js';

const SLOWLY = { timeout: 50_000, interval: 100 };

describe('ufm-sweep schedule', () => {
  it('has the workers of a cluster run a study, under the id that people know it by', async () => {
    configureRuntime({ logLevel: 'ERROR', metrics: null, deployment: null });
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'study.yaml'), SMALL_STUDY);
    const store = path.join(folder, 'store');
    const server = await ownServer(folder);
    const { address } = server;
    const schedule = (...words: string[]) =>
      ufmSweep(['schedule', ...words, '--store', store, '--address', address], { cwd: folder });

    const nightly = ['create', 'study.yaml', '--cron'];
    expect(await schedule(...nightly, '0 3 * * *')).toMatchObject({ exitCode: 0 });
    // A second time: it replaces the first.
    expect(await schedule(...nightly, '0 2 * * *')).toMatchObject({ exitCode: 0 });
    expect(await schedule(...nightly, 'at night')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--cron at night') as string,
    });
    // Which a cron that is none does not.
    await expect
      .poll(async () => (await schedule('list')).stdout, SLOWLY)
      .toMatch(/^small: 0 2 \* \* \*, next \d{4}-\d\d-\d\dT02:00:00/);

    const access = openServer(address);
    const version = await latestVersion(openStore(store), 'small');
    const reference = await referenceTo(openStore(store), version!);
    const workers = await startStudyWorkers(access, reference);
    const client = await connectClient(access);
    const studies = await StudyClient.connect(access);
    try {
      await client.schedule.getHandle(studyId(reference)).trigger();
      const state = () => studies.result(reference).catch(() => null);
      await expect
        .poll(state, SLOWLY)
        .toMatchObject({ state: 'done', progress: { points: { done: 9 } } });
    } finally {
      await Promise.all(workers.map((running) => running.stop()));
      await studies.close();
      await client.connection.close();
    }

    expect(await schedule('delete', 'small')).toMatchObject({ exitCode: 0 });
    expect(await schedule('delete', 'small')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('small is not scheduled') as string,
    });
  });
});
