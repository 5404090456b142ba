import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection, WorkflowUpdateFailedError } from '@temporalio/client';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTemporalBinary } from '../../infra/temporal-binary.js';
import type { RoundPlan, ShardOutcome, StudyReference } from '../../study/orchestration.js';
import { openServer } from '../../workers/server/server-access.js';
import { startEmbeddedServer, type EmbeddedServer } from '../../workers/server/embedded-server.js';
import { StudyClient } from '../../workers/client/study-client.js';
import type { ControlActivities, SolveActivities } from '../../workflows/activities.js';
import { CONTROL_QUEUE, SOLVE_QUEUE, workflowId } from '../../workflows/names.js';

/** Events after which the server suggests to continue as new: some thirty shards. */
const SUGGESTED_AFTER = 120;
const SHARDS = 60;

let folder: string;
let server: EmbeddedServer;
let client: Client;
let studies: StudyClient;

/** What the fake activities were asked, by study. */
const handedOut = new Map<string, number[]>();
/** How long a shard takes, and how it ends, by study. */
const behaviours = new Map<string, (shard: number, signal: AbortSignal) => Promise<ShardOutcome>>();

const activities: ControlActivities & SolveActivities = {
  planRound: ({ study }, round): Promise<RoundPlan> => {
    if (study === 'unknown') {
      throw ApplicationFailure.nonRetryable('there is no such study', 'UnknownStudy');
    }
    const shards = round === 0 ? SHARDS : 0;
    return Promise.resolve({ plan: 'plan', shards, points: 2 * shards, cached: 0, failed: 0 });
  },
  solveShard: ({ study }, _plan, shard) => {
    handedOut.set(study, [...(handedOut.get(study) ?? []), shard]);
    const context = Context.current();
    const timer = setInterval(() => {
      context.heartbeat({ done: 1, of: 2 });
    }, 200);
    return behaviours.get(study)!(shard, context.cancellationSignal).finally(() => {
      clearInterval(timer);
    });
  },
  analyze: () => Promise.resolve(),
};

const settings = (window: number) => ({ window, again: false, queue: SOLVE_QUEUE });
const solved = { points: 2, failed: 0 };
const reference = (study: string): StudyReference => ({ store: 'none', study, specHash: 'hash' });

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  folder = await mkdtemp(path.join(tmpdir(), 'ufm-workflows-'));
  server = await startEmbeddedServer({
    folder,
    binary: (await findTemporalBinary())!,
    extraArguments: [
      '--dynamic-config-value',
      `limit.historyCount.suggestContinueAsNew=${SUGGESTED_AFTER}`,
    ],
  });
  client = new Client({ connection: await Connection.connect({ address: server.address }) });
  studies = await StudyClient.connect(openServer(server.address));
});

afterAll(async () => {
  await studies.close();
  await client.connection.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a test with workers of both queues. */
async function withWorkers<T>(test: () => Promise<T>): Promise<T> {
  const connection = await NativeConnection.connect({ address: server.address });
  const control = await Worker.create({
    connection,
    taskQueue: CONTROL_QUEUE,
    workflowBundle: { codePath: createRequire(import.meta.url).resolve('#workflow-bundle') },
    activities,
  });
  const solver = await Worker.create({ connection, taskQueue: SOLVE_QUEUE, activities });
  try {
    return await control.runUntil(solver.runUntil(test));
  } finally {
    await connection.close();
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}

const everyShard = Array.from({ length: SHARDS }, (_, shard) => shard);

describe('a study workflow', () => {
  it('solves every shard once, through as many runs as the server suggests', async () => {
    const study = reference('continued');
    behaviours.set('continued', () => Promise.resolve(solved));
    await withWorkers(async () => {
      await studies.start(study, settings(8));
      const result = await studies.result(study);
      expect(result).toMatchObject({
        state: 'done',
        progress: { stage: 'done', points: { total: 120, done: 120, failed: 0 } },
      });
      expect([...handedOut.get('continued')!].sort((a, b) => a - b)).toEqual(everyShard);
      const { raw, runId } = await client.workflow.getHandle(workflowId(study)).describe();
      expect(raw.workflowExecutionInfo!.firstRunId).not.toBe(runId);
      expect(Number(raw.workflowExecutionInfo!.historyLength)).toBeLessThan(2 * SUGGESTED_AFTER);
    });
  });

  it('shows how far it is in search attributes', async () => {
    const found: string[] = [];
    await until(async () => {
      found.length = 0;
      const query = `UfmStudy = "continued" AND UfmStage = "done" AND UfmPointsDone = 120`;
      for await (const { workflowId: id } of client.workflow.list({ query })) found.push(id);
      return found.length > 0;
    });
    expect(found).toEqual([workflowId(reference('continued'))]);
  });

  it('pauses, resumes, and takes another window, but not a senseless one', async () => {
    const study = reference('paused');
    const gates: (() => void)[] = [];
    behaviours.set(
      'paused',
      () =>
        new Promise((resolve) =>
          gates.push(() => {
            resolve(solved);
          }),
        ),
    );
    const open = (): void => {
      for (const gate of gates.splice(0)) gate();
    };
    await withWorkers(async () => {
      await studies.start(study, settings(2));
      await until(() => gates.length === 2);
      await studies.pause(study);
      open();
      await until(async () => (await studies.progress(study)).shards.inFlight === 0);
      expect(await studies.progress(study)).toMatchObject({ paused: true, shards: { done: 2 } });
      expect(gates).toHaveLength(0);

      await expect(studies.setWindow(study, 0)).rejects.toThrow(WorkflowUpdateFailedError);
      expect(await studies.setWindow(study, 5)).toBe(5);
      await studies.resume(study);
      await until(() => gates.length === 5);
      behaviours.set('paused', () => Promise.resolve(solved));
      open();
      expect(await studies.result(study)).toMatchObject({ state: 'done' });
      expect(handedOut.get('paused')).toHaveLength(SHARDS);
    });
  });

  it('tells how much is solved of the shards in flight, by their heartbeats', async () => {
    const study = reference('beating');
    const gates: (() => void)[] = [];
    const gated = new Promise<void>((resolve) => gates.push(resolve));
    behaviours.set('beating', () => gated.then(() => solved));
    await withWorkers(async () => {
      await studies.start(study, settings(3));
      await until(async () => (await studies.look(study)).solvedInFlight === 3);
      expect(await studies.look(study)).toMatchObject({
        progress: { points: { total: 120, done: 0 }, shards: { inFlight: 3 } },
      });
      gates[0]!();
      await studies.result(study);
      expect(await studies.look(study)).toMatchObject({ solvedInFlight: 0 });
    });
  });

  it('stops what is in flight when it is cancelled, and can be started again', async () => {
    const study = reference('cancelled');
    let stopped = 0;
    behaviours.set('cancelled', async (shard, signal) => {
      if (shard < 3) return solved;
      await delay(60_000, null, { signal }).catch(() => {
        stopped += 1;
      });
      throw signal.reason;
    });
    await withWorkers(async () => {
      await studies.start(study, settings(4));
      await until(async () => (await studies.progress(study)).shards.done === 3);
      await until(() => handedOut.get('cancelled')!.length === 7);
      await studies.cancel(study);
      expect(await studies.result(study)).toEqual({ state: 'cancelled' });
      expect(stopped).toBe(4);
      expect(await studies.progress(study)).toMatchObject({
        points: { done: 6, failed: 0 },
        shards: { done: 3, failed: 0, inFlight: 0 },
      });

      behaviours.set('cancelled', () => Promise.resolve(solved));
      await studies.start(study, settings(4));
      expect(await studies.result(study)).toMatchObject({ state: 'done' });
    });
  });

  it('counts a shard that fails for good, and goes on with the others', async () => {
    const study = reference('failing');
    behaviours.set('failing', (shard) =>
      shard === 1
        ? Promise.reject(ApplicationFailure.nonRetryable('the plan is gone', 'UnknownPlan'))
        : Promise.resolve(solved),
    );
    await withWorkers(async () => {
      await studies.start(study, settings(8));
      expect(await studies.result(study)).toMatchObject({
        state: 'done',
        progress: {
          points: { total: 120, done: 118, failed: 2 },
          shards: { done: 59, failed: 1 },
          shardFailure: 'the plan is gone',
        },
      });
    });
  });

  it('fails with the reason when the study cannot be planned', async () => {
    const study = reference('unknown');
    await withWorkers(async () => {
      await studies.start(study, settings(8));
      expect(await studies.result(study)).toEqual({
        state: 'failed',
        message: 'there is no such study',
      });
    });
  });

  it('is one workflow when it is started twice, and starting it resumes it', async () => {
    const study = reference('twice');
    behaviours.set('twice', () => Promise.resolve(solved));
    // Before there are workers, so that the study cannot end before it is paused.
    await studies.start(study, settings(4));
    await studies.pause(study);
    await withWorkers(async () => {
      await until(async () => (await studies.progress(study)).paused);
      await studies.start(study, settings(4));
      expect(await studies.result(study)).toMatchObject({ state: 'done' });
      expect(handedOut.get('twice')).toHaveLength(SHARDS);
    });
  });
});
