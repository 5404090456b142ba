import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTemporalBinary } from '../../infra/temporal-binary.js';
import { initialState } from '../../study/conductor-state.js';
import { startEmbeddedServer, type EmbeddedServer } from '../../workers/server/embedded-server.js';

const QUEUE = 'inputs';
const reference = { store: '/data', storeId: '0'.repeat(32), study: 'study', specHash: 'hash' };
const input = { reference, state: initialState(), again: false, queue: 'q', searchable: false };

let folder: string;
let server: EmbeddedServer;
let client: Client;
let connection: NativeConnection;
let worker: Worker;
let running: Promise<void>;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  folder = await mkdtemp(path.join(tmpdir(), 'ufm-inputs-'));
  const binary = (await findTemporalBinary())!;
  server = await startEmbeddedServer({ folder, binary, extraArguments: [] });
  const { address } = server;
  client = new Client({ connection: await Connection.connect({ address }) });
  connection = await NativeConnection.connect({ address });
  worker = await Worker.create({
    connection,
    taskQueue: QUEUE,
    workflowBundle: { codePath: createRequire(import.meta.url).resolve('#workflow-bundle') },
  });
  running = worker.run();
});

afterAll(async () => {
  worker.shutdown();
  await running;
  await connection.close();
  await client.connection.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Why a workflow that was started with this has failed. */
async function failureOf(type: string, args: unknown[]): Promise<unknown> {
  const id = `${type}-${Math.random()}`;
  const handle = await client.workflow.start(type, { workflowId: id, taskQueue: QUEUE, args });
  const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
  return error instanceof WorkflowFailedError ? error.cause : error;
}

describe.each(['study', 'scheduled'])('a workflow of the type %s fails at once', (type) => {
  it.each<[string, unknown[], RegExp]>([
    ['without an input', [], /input has to be an object, not missing/],
    ['with null', [null], /input has to be an object, not null/],
    ['with a text', ['study'], /input has to be an object, not "study"/],
    [
      'with a window of -1',
      [{ ...input, state: { ...input.state, window: -1 } }],
      /state\.window.*from 1 to 1000, not -1/,
    ],
    [
      'with half a plan',
      [{ ...input, state: { plan: { shards: 5000 } } }],
      /input\.state\.stage has to be a stage of a study, not missing/,
    ],
    [
      'with a plan that is none',
      [{ ...input, state: { ...input.state, plan: { shards: 5000 } } }],
      /input\.state\.plan\.plan has to be/,
    ],
    [
      'with shards to solve of no plan',
      [{ ...input, state: { ...input.state, stage: 'solving' } }],
      /input\.state\.plan is missing/,
    ],
    [
      'with a list of segments that is none',
      [{ ...input, state: { ...input.state, segments: [{ id: 'x', report: {} }] } }],
      /input\.state\.segments\[0\]\.report\.next has to be/,
    ],
    [
      'with a breaker that is none',
      [{ ...input, state: { ...input.state, breaker: { failures: -1 } } }],
      /input\.state\.breaker\.failures has to be/,
    ],
    [
      'with no store',
      [{ ...input, reference: { study: 's', specHash: 'h' } }],
      /input\.reference\.store has to be/,
    ],
    ['with a queue of the server', [{ ...input, queue: '/_sys/x' }], /input\.queue has to be/],
  ])('%s', async (_, args, message) => {
    const failure = await failureOf(type, args);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ nonRetryable: true, type: 'InvalidInput' });
    expect((failure as ApplicationFailure).message).toMatch(message);
  });
});

describe('a workflow of the type segment fails at once', () => {
  const plan = { plan: 'plan', shards: 9, points: 18, cached: 0, failed: 0 };
  const segment = {
    ...{ study: 'ufm/study/hash', reference, queue: 'q', round: 0, plan, first: 3, slots: 2 },
    breaker: { failures: 0, reason: null },
  };

  it.each<[string, unknown[], RegExp]>([
    ['without an input', [], /this is no segment to run: input has to be an object, not missing/],
    ['with the input of a study', [input], /input\.study has to be/],
    ['with half a plan', [{ ...segment, plan: { shards: 9 } }], /input\.plan\.plan has to be/],
    ['with more slots than a window has', [{ ...segment, slots: 1001 }], /input\.slots has to be/],
    ['with no breaker', [{ ...segment, breaker: null }], /input\.breaker has to be an object/],
    ['beyond its plan', [{ ...segment, first: 10 }], /input\.first is beyond the shards/],
  ])('%s', async (_, args, message) => {
    const failure = await failureOf('segment', args);
    expect(failure).toMatchObject({ nonRetryable: true, type: 'InvalidInput' });
    expect((failure as ApplicationFailure).message).toMatch(message);
  });

  it('and hands out nothing where the study that it reports to is not there', async () => {
    const failure = await failureOf('segment', [{ ...segment, first: 9 }]);
    expect(failure).toBeInstanceOf(CancelledFailure);
  });
});
