import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { ApplicationFailure, type Headers } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findTemporalBinary } from '../../infra/temporal-binary.js';
import { INFRASTRUCTURE } from '../../study/failures.js';
import type { ShardOutcome, StudyReference } from '../../study/orchestration.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { studyInput } from '../../workers/client/study-input.js';
import { startEmbeddedServer, type EmbeddedServer } from '../../workers/server/embedded-server.js';
import { dataConverter } from '../../workers/server/encryption.js';
import { openServer } from '../../workers/server/server-access.js';
import type { ControlActivities, SolveActivities } from '../../workflows/activities.js';
import { CONTROL_QUEUE, SOLVE_QUEUE, workflowId } from '../../workflows/names.js';
import { carrierOf, headerOf } from '../../workflows/trace-carrier.js';

/** Events after which the server suggests to continue as new: some twenty shards. */
const SUGGESTED_AFTER = 100;
const SHARDS = 100;
const WINDOW = 6;

const SLOWLY = { timeout: 50_000, interval: 50 };

let folder: string;
let server: EmbeddedServer;
let client: Client;
let connection: NativeConnection;
let workers: Worker[];
let running: Promise<unknown>;

/** Shards as they were handed out, and what each of the studies does with one. */
const handedOut = new Map<string, number[]>();
const behaviours = new Map<string, (shard: number, signal: AbortSignal) => Promise<ShardOutcome>>();
const plannings = new Map<string, number>();

const activities: ControlActivities & SolveActivities = {
  planRound({ study }, round) {
    plannings.set(study, (plannings.get(study) ?? 0) + 1);
    const shards = round === 0 ? SHARDS : 0;
    return Promise.resolve({ plan: 'plan', shards, points: 2 * shards, cached: 0, failed: 0 });
  },
  async solveShard({ study }, _plan, shard) {
    handedOut.set(study, [...(handedOut.get(study) ?? []), shard]);
    const context = Context.current();
    const timer = setInterval(() => {
      context.heartbeat({ done: 1, of: 2 });
    }, 200);
    try {
      return await behaviours.get(study)!(shard, context.cancellationSignal);
    } finally {
      clearInterval(timer);
    }
  },
  analyze: () => Promise.resolve(),
};

const solved = { points: 2, failed: 0 };
const everyShard = Array.from({ length: SHARDS }, (_, shard) => shard);
const settings = { window: WINDOW, again: false, queue: SOLVE_QUEUE };
const reference = (study: string): StudyReference => ({ store: 'none', study, specHash: 'hash' });

beforeAll(async () => {
  // Whatever a study and its segments tell each other is encrypted, and bound to the workflow that it is for.
  process.env['UFM_ENCRYPTION_KEYS'] = `test:${Buffer.alloc(32, 7).toString('base64')}`;
  process.env['UFM_ENCRYPTION'] = 'required';
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  folder = await mkdtemp(path.join(tmpdir(), 'ufm-segments-'));
  const configuration = `limit.historyCount.suggestContinueAsNew=${SUGGESTED_AFTER}`;
  server = await startEmbeddedServer({
    folder,
    binary: (await findTemporalBinary())!,
    extraArguments: ['--dynamic-config-value', configuration],
  });
  const { address } = server;
  client = new Client({ connection: await Connection.connect({ address }) });
  connection = await NativeConnection.connect({ address });
  workers = await startWorkers();
  running = Promise.all(workers.map((worker) => worker.run()));
});

async function startWorkers(): Promise<Worker[]> {
  const options = { connection, activities, dataConverter: dataConverter('worker') };
  const codePath = createRequire(import.meta.url).resolve('#workflow-bundle');
  return [
    await Worker.create({ ...options, taskQueue: CONTROL_QUEUE, workflowBundle: { codePath } }),
    await Worker.create({ ...options, taskQueue: SOLVE_QUEUE }),
  ];
}

afterAll(async () => {
  delete process.env['UFM_ENCRYPTION_KEYS'];
  delete process.env['UFM_ENCRYPTION'];
  for (const worker of workers) worker.shutdown();
  await running;
  await connection.close();
  await client.connection.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const opened: StudyClient[] = [];
afterEach(async () => {
  for (const studies of opened.splice(0)) await studies.close();
});

async function openStudies(): Promise<StudyClient> {
  const studies = await StudyClient.connect(openServer(server.address));
  opened.push(studies);
  return studies;
}

/** Ids of the segments of a study that run, by what the server lists. */
async function segmentsOf(study: StudyReference, status = 'Running'): Promise<string[]> {
  const ids: string[] = [];
  const prefix = `${workflowId(study)}/`;
  const query = `WorkflowType = 'segment' AND ExecutionStatus = '${status}'`;
  for await (const { workflowId: id } of client.workflow.list({ query })) {
    if (id.startsWith(prefix)) ids.push(id);
  }
  return ids;
}

/** Shards that wait for a gate, which opens once for all. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, wait: () => opened.then(() => solved) };
}

const eventuallyDone = (studies: StudyClient, study: StudyReference, shards: number) =>
  expect.poll(async () => (await studies.look(study)).progress?.shards.done, SLOWLY).toBe(shards);

describe('a study of several segments', () => {
  it('waits with no slot for a shard that takes long, and solves every shard once', async () => {
    const study = reference('straggling');
    const straggler = gate();
    behaviours.set('straggling', (shard) =>
      shard === 0 ? straggler.wait() : Promise.resolve(solved),
    );
    const studies = await openStudies();
    await studies.start(study, settings);
    // All others land while the first one, of the first run of the study, is still in flight.
    await eventuallyDone(studies, study, SHARDS - 1);
    expect(await studies.look(study)).toMatchObject({
      progress: { points: { total: 200, done: 198 }, shards: { inFlight: 1 } },
    });
    straggler.open();
    expect(await studies.result(study)).toMatchObject({
      state: 'done',
      progress: { points: { total: 200, done: 200, failed: 0 }, shards: { done: SHARDS } },
    });
    expect([...handedOut.get('straggling')!].sort((a, b) => a - b)).toEqual(everyShard);
    expect(plannings.get('straggling')).toBe(2);
    await expect.poll(() => segmentsOf(study, 'Completed'), SLOWLY).not.toHaveLength(0);
  });

  it('tells what is in flight in its segments, and pauses, resumes and resizes them', async () => {
    const study = reference('steered');
    const late = gate();
    behaviours.set('steered', (shard) => (shard < 40 ? Promise.resolve(solved) : late.wait()));
    const studies = await openStudies();
    await studies.start(study, settings);
    await eventuallyDone(studies, study, 40);
    await expect.poll(async () => (await studies.look(study)).solvedInFlight, SLOWLY).toBe(WINDOW);
    const { progress, inFlight } = await studies.look(study);
    expect(progress).toMatchObject({ points: { done: 80 }, shards: { inFlight: WINDOW } });
    expect([...inFlight.values()].reduce((sum, shards) => sum + shards, 0)).toBe(WINDOW);

    await studies.pause(study);
    await expect.poll(async () => (await studies.progress(study)).paused, SLOWLY).toBe(true);
    late.open();
    await eventuallyDone(studies, study, 40 + WINDOW);
    expect((await studies.look(study)).progress).toMatchObject({ shards: { inFlight: 0 } });
    const last = gate();
    behaviours.set('steered', last.wait);
    expect(await studies.setWindow(study, 9)).toBe(9);
    await studies.resume(study);
    await expect.poll(() => handedOut.get('steered')!.length, SLOWLY).toBe(40 + WINDOW + 9);
    last.open();
    expect(await studies.result(study)).toMatchObject({ state: 'done' });
    expect([...handedOut.get('steered')!].sort((a, b) => a - b)).toEqual(everyShard);
  });

  it('has stopped everywhere when it is cancelled', async () => {
    const study = reference('stopped');
    let stopped = 0;
    behaviours.set('stopped', async (shard, signal) => {
      if (shard < 40) return solved;
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      stopped += 1;
      throw signal.reason;
    });
    const studies = await openStudies();
    await studies.start(study, settings);
    await expect.poll(() => handedOut.get('stopped')?.length, SLOWLY).toBe(40 + WINDOW);
    await studies.cancel(study);
    expect(await studies.result(study)).toEqual({ state: 'cancelled' });
    expect(stopped).toBe(WINDOW);
    await expect.poll(() => segmentsOf(study), SLOWLY).toEqual([]);
    expect((await studies.progress(study)).shards).toMatchObject({ failed: 0, inFlight: 0 });
  });

  it('goes on when one of its segments is terminated, and counts each point once', async () => {
    const study = reference('terminated');
    const held = gate();
    behaviours.set('terminated', (shard) =>
      shard < 40 || shard > 45 ? Promise.resolve(solved) : held.wait(),
    );
    const studies = await openStudies();
    await studies.start(study, settings);
    await expect.poll(() => handedOut.get('terminated')?.length, SLOWLY).toBe(40 + WINDOW);
    const [segment] = (await studies.look(study)).inFlight.size > 0 ? await segmentsOf(study) : [];
    await client.workflow.getHandle(segment!).terminate('by hand');
    held.open();
    // The study would hear of it in some minutes, or at the next message; a resume is one.
    await studies.resume(study);
    expect(await studies.result(study)).toMatchObject({
      state: 'done',
      progress: { points: { total: 200, failed: 0 }, shards: { failed: 0, inFlight: 0 } },
    });
    expect(plannings.get('terminated')).toBe(3);
  });

  it('takes its segments with it when it is terminated', async () => {
    const study = reference('orphaned');
    const held = gate();
    behaviours.set('orphaned', (shard) => (shard < 40 ? Promise.resolve(solved) : held.wait()));
    const studies = await openStudies();
    await studies.start(study, settings);
    await expect.poll(() => handedOut.get('orphaned')?.length, SLOWLY).toBe(40 + WINDOW);
    await client.workflow.getHandle(workflowId(study)).terminate('by hand');
    held.open();
    await expect.poll(() => segmentsOf(study), SLOWLY).toEqual([]);
  });

  it('counts no failure of the infrastructure, says that it waits, and goes on by itself', async () => {
    const study = reference('away');
    let isAway = true;
    behaviours.set('away', (shard) =>
      shard >= 30 && isAway
        ? Promise.reject(ApplicationFailure.nonRetryable('the store is away', INFRASTRUCTURE))
        : Promise.resolve(solved),
    );
    const studies = await openStudies();
    await studies.start(study, settings);
    await expect
      .poll(async () => (await studies.look(study)).progress?.halted, SLOWLY)
      .toBe('the store is away');
    expect((await studies.look(study)).troubles.join()).toContain('the store is away');
    isAway = false;
    await studies.resume(study);
    expect(await studies.result(study)).toMatchObject({
      state: 'done',
      progress: { points: { done: 200, failed: 0 }, shards: { failed: 0 }, halted: null },
    });
  });

  it('has its segments in the trace that it is in itself', async () => {
    const study = reference('traced');
    behaviours.set('traced', () => Promise.resolve(solved));
    const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const headers = headerOf(trace);
    const tracing = new Client({
      connection: client.connection,
      dataConverter: dataConverter('client'),
      interceptors: {
        workflow: [{ startWithDetails: (input, next) => next({ ...input, headers }) }],
      },
    });
    const handle = await tracing.workflow.start('study', {
      workflowId: workflowId(study),
      taskQueue: CONTROL_QUEUE,
      args: [studyInput(study, settings, false)],
    });
    await handle.result();
    await expect.poll(() => segmentsOf(study, 'Completed'), SLOWLY).not.toHaveLength(0);
    const [id] = await segmentsOf(study, 'Completed');
    const { events } = await client.workflow.getHandle(id!).fetchHistory();
    const started = events![0]!.workflowExecutionStartedEventAttributes!;
    expect(carrierOf(started.header!.fields as Headers)).toEqual(trace);
  });

  it('ignores signals that are none of its segments', async () => {
    const study = reference('pestered');
    const first = gate();
    behaviours.set('pestered', (shard) => (shard === 0 ? first.wait() : Promise.resolve(solved)));
    const studies = await openStudies();
    await studies.start(study, settings);
    await eventuallyDone(studies, study, SHARDS - 1);
    const handle = client.workflow.getHandle(workflowId(study));
    for (const args of [[], [null, null], ['x', { next: 1e9 }], [7, {}]]) {
      await handle.signal('report', ...args);
    }
    first.open();
    expect(await studies.result(study)).toMatchObject({
      state: 'done',
      progress: { points: { done: 200, failed: 0 } },
    });
  });
});
