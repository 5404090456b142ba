// Records the histories that replay.test.ts replays: `node test/replay/record.mjs [NAME...]`, after a build. New histories
// are needed only when workflow code changes on purpose in a way that running studies cannot follow.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { NativeConnection, Worker } from '@temporalio/worker';

const built = (name) => import(new URL(`../../dist/${name}.js`, import.meta.url));
const { UnsolvablePoint } = await built('activities/failures');
const { findTemporalBinary } = await built('infra/temporal-binary');
const { initialState } = await built('study/conductor-state');
const { startEmbeddedServer } = await built('workers/server/embedded-server');
const { workerTracing } = await built('workers/tracing/tracing');
const { controlQueue, shardQueue, TRACE_HEADER, workflowId } = await built('workflows/names');

const SHARDS = 12;
const CONTINUE_AFTER_EVENTS = 60;
/** Instead of the name of the machine that records. */
const IDENTITY = 'recorder';

/** Of the study `planned-again`, whose first run is its only one: few shards, of which the last two want another plan. */
const PLANNED_AGAIN = [
  { plan: 'damaged', shards: 4, points: 8, cached: 0, failed: 0, numericalVersion: 7 },
  { plan: 'mended', shards: 2, points: 8, cached: 4, failed: 0, numericalVersion: 7 },
];
/** Of the study `in-store`: the others are from before stores had identities. */
const STORE_ID = '0123456789abcdef'.repeat(2);
const NUMERICAL_VERSION = 7;
/** Of the study `sliding`: more than fit into the first run, which passes on the rest while its first shards take long. */
const SLIDING_SHARDS = 40;
const SLOW_SHARDS = 4;
const NOTHING = { plan: '', shards: 0, points: 0, cached: 0, failed: 0 };

/** Of the study `halted`: how often the infrastructure fails, which is enough to halt it. */
const HALTING_FAILURES = 5;
let failures = 0;

const activities = {
  async planRound({ study }, round) {
    if (study === 'planned-again') return PLANNED_AGAIN.shift() ?? NOTHING;
    const plan = {
      plan: `plan-${round}`,
      shards: SHARDS,
      points: 2 * SHARDS,
      cached: 0,
      failed: 0,
    };
    if (round >= (study === 'sliding' || study === 'halted' ? 1 : 2)) return NOTHING;
    if (study === 'sliding') return { ...plan, shards: SLIDING_SHARDS, points: 2 * SLIDING_SHARDS };
    return study === 'in-store' ? { ...plan, numericalVersion: NUMERICAL_VERSION } : plan;
  },
  async solveShard({ study }, plan, shard) {
    await delay(study === 'sliding' && shard < SLOW_SHARDS ? 1000 + 500 * shard : 50);
    if (study === 'halted') {
      failures += 1;
      if (failures <= HALTING_FAILURES) {
        const failure = ApplicationFailure.nonRetryable('the store is away', 'Infrastructure');
        throw Object.assign(failure, { stack: '' });
      }
      return { points: 2, failed: 0 };
    }
    if (study === 'sliding') return { points: 2, failed: 0 };
    if (plan === 'damaged' && shard >= 2) return { points: 0, failed: 0, planDamaged: true };
    if (plan === 'plan-0' && shard === 3) {
      // Without its stack, which names the folders of the machine.
      throw Object.assign(new UnsolvablePoint('the plan is changed'), { stack: '' });
    }
    return { points: 2, failed: shard === 5 ? 1 : 0 };
  },
  analyze: async () => undefined,
};

async function pauseAndResize(handle) {
  await delay(150);
  await handle.signal('paused', true);
  await delay(300);
  await handle.executeUpdate('window', { args: [6] });
  await handle.signal('paused', false);
  await handle.result();
}

/** What happens to each study while it runs. */
const scenarios = {
  'paused-and-resized': pauseAndResize,
  async 'planned-again'(handle) {
    await handle.result();
  },
  async sliding(handle) {
    await handle.result();
  },
  async halted(handle) {
    await handle.result();
  },
  traced: pauseAndResize,
  'in-store': pauseAndResize,
  async cancelled(handle) {
    await delay(150);
    await handle.cancel();
    await handle.result().catch(() => undefined);
  },
};

/** The span that a study is started within, as a client of OpenTelemetry would send it. */
const TRACE = {
  [TRACE_HEADER]: defaultPayloadConverter.toPayload({
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  }),
};

const startTraced = (input, next) =>
  next(input.options.workflowId.includes('traced') ? { ...input, headers: TRACE } : input);

async function save(name, handle) {
  const history = historyToJSON(await handle.fetchHistory());
  await writeFile(new URL(`${name}.json`, import.meta.url), `${history}\n`);
}

/** The workflow that a run of a study has passed the rest of a round to. */
async function firstSegment(run) {
  const { events } = await run.fetchHistory();
  const attributes = events.map(
    (event) => event.startChildWorkflowExecutionInitiatedEventAttributes,
  );
  return client.workflow.getHandle(attributes.find((found) => found != null).workflowId);
}

const wanted = process.argv.slice(2);
const folder = await mkdtemp(path.join(tmpdir(), 'ufm-record-'));
const server = await startEmbeddedServer({
  folder,
  binary: await findTemporalBinary(),
  extraArguments: [
    '--dynamic-config-value',
    `limit.historyCount.suggestContinueAsNew=${CONTINUE_AFTER_EVENTS}`,
  ],
});
const { address } = server;
const client = new Client({
  connection: await Connection.connect({ address }),
  identity: IDENTITY,
  interceptors: { workflow: [{ startWithDetails: startTraced }] },
});
const connection = await NativeConnection.connect({ address });
const codePath = new URL('../../dist/workflow-bundle.js', import.meta.url).pathname;
const controlOn = (taskQueue) =>
  Worker.create({
    connection,
    activities,
    identity: IDENTITY,
    taskQueue,
    workflowBundle: { codePath },
    ...workerTracing(),
  });
const solverOn = (taskQueue) =>
  Worker.create({ connection, activities, identity: IDENTITY, taskQueue });
const inStore = { storeId: STORE_ID };
const workers = [
  ...(await Promise.all(['ufm-control', controlQueue(inStore)].map(controlOn))),
  ...(await Promise.all(
    ['ufm-solve', 'ufm-solve-v7', shardQueue('ufm-solve', NUMERICAL_VERSION, inStore)].map(
      solverOn,
    ),
  )),
];
const runUntil = (drive) =>
  workers.reduce((inner, worker) => () => worker.runUntil(inner), drive)();

try {
  await runUntil(async () => {
    for (const [name, drive] of Object.entries(scenarios)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const where = name === 'in-store' ? inStore : {};
      const reference = { store: 'store', ...where, study: name, specHash: 'recorded' };
      const state = initialState(name === 'sliding' ? 6 : 3);
      const handle = await client.workflow.start('study', {
        workflowId: workflowId(reference),
        taskQueue: controlQueue(reference),
        args: [{ reference, state, again: false, queue: 'ufm-solve', searchable: true }],
      });
      await drive(handle);
      // The first run: of a study that went on in others it ends by continuing as new.
      const first = client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId);
      await save(name, first);
      if (name === 'sliding') await save('segment', await firstSegment(first));
    }
  });
} finally {
  await connection.close();
  await client.connection.close();
  await server.stop();
  await rm(folder, { recursive: true });
}
