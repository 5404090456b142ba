import { spawn, type ChildProcess } from 'node:child_process';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findTemporalBinary } from '../../infra/temporal-binary.js';
import { connectClient } from '../../workers/server/connection.js';
import { openServer } from '../../workers/server/server-access.js';
import { identify } from '../../workers/server/processes.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { SOLVE_QUEUE, workflowId } from '../../workflows/names.js';
import { longStudy } from '../activities/long-study.js';
import { newStore, saveText } from '../activities/small-study.js';
import { ownServer } from '../own-server.js';
import { projectFile, temporaryFolder } from './command.js';

const SLOWLY = { timeout: 90_000, interval: 100 };

function startWorker(address: string, store: string, buildId: string): ChildProcess {
  const words = ['worker', '--address', address, '--concurrency', '1', '--device', 'loops'];
  words.push('--store', store, '--deployment', 'ufm-sweep', '--build-id', buildId);
  const child = spawn(process.execPath, [projectFile('dist/cli/main.js'), ...words], {
    stdio: 'ignore',
  });
  onTestFinished(() => {
    if (identify(child.pid!) !== null) child.kill('SIGKILL');
  });
  return child;
}

describe('workers of a deployment', () => {
  it('keep a run of a study on its version, until it continues on the new one', async () => {
    const folder = await temporaryFolder();
    const binary = (await findTemporalBinary())!;
    const server = await ownServer(folder);
    const { address } = server;
    const makeCurrent = (buildId: string) =>
      execa(binary, [
        ...['worker', 'deployment', 'set-current-version', '--address', address, '--yes'],
        ...['--deployment-name', 'ufm-sweep', '--build-id', buildId],
      ]);
    const becomesCurrent = (buildId: string) =>
      expect.poll(() => makeCurrent(buildId).then(() => 'current', String), SLOWLY).toBe('current');

    const store = await newStore();
    const reference = await saveText(store, longStudy());
    startWorker(address, store.url, 'one');
    await becomesCurrent('one');
    const studies = await StudyClient.connect(openServer(address));
    onTestFinished(() => studies.close());
    const client = await connectClient(openServer(address));
    onTestFinished(() => client.connection.close());
    await studies.start(reference, { window: 2, again: false, queue: SOLVE_QUEUE });
    const run = async () => {
      const { runId, raw } = await client.workflow.getHandle(workflowId(reference)).describe();
      const version = raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
      return { runId, version };
    };
    await expect.poll(run, SLOWLY).toMatchObject({ version: 'one' });
    const first = await run();

    startWorker(address, store.url, 'two');
    await becomesCurrent('two');
    await expect.poll(run, SLOWLY).toMatchObject({ version: 'two' });
    expect((await run()).runId).not.toBe(first.runId);
    await expect
      .poll(async () => (await studies.progress(reference)).shards.done, SLOWLY)
      .toBeGreaterThan(0);
    await studies.cancel(reference);
    expect(await studies.result(reference)).toEqual({ state: 'cancelled' });
  }, 240_000);
});
