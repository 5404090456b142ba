import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
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
