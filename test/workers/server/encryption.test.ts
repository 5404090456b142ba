import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import protocol from '@temporalio/proto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { findTemporalBinary } from '../../../infra/temporal-binary.js';
import { connectClient } from '../../../workers/server/connection.js';
import { openServer, type ServerAccess } from '../../../workers/server/server-access.js';
import {
  startEmbeddedServer,
  type EmbeddedServer,
} from '../../../workers/server/embedded-server.js';
import { EncryptionCodec } from '../../../workers/server/encryption.js';
import { isEncryptionRequired, readKeyring } from '../../../workers/server/keyring.js';
import { configureRuntime } from '../../../workers/runtime.js';
import { StudySchedules } from '../../../workers/client/study-schedules.js';
import { StudyClient } from '../../../workers/client/study-client.js';
import { controlQueue, SOLVE_QUEUE, studyId, workflowId } from '../../../workflows/names.js';
import { newStore, saveText, SMALL_STUDY } from '../../activities/small-study.js';
import { startStudyWorkers } from '../study-workers.js';

const { Payload: PayloadMessage } = protocol.temporal.api.common.v1;
const { History } = protocol.temporal.api.history.v1;
const { DescribeScheduleResponse } = protocol.temporal.api.workflowservice.v1;

const newKey = (): string => randomBytes(32).toString('base64');
const OLD = `old:${newKey()}`;
const NEW = `new:${newKey()}`;

const codec = (keys: string, required = false): EncryptionCodec =>
  new EncryptionCodec(readKeyring(keys), required, 'throw');
const payload = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const valueOf = (one: Payload): unknown => defaultPayloadConverter.fromPayload(one);

describe('encryption', () => {
  it('gives back what it encrypted, and shows none of it', async () => {
    const [sealed] = await codec(NEW).encode([payload('a secret')]);
    expect(Buffer.from(sealed!.data!).toString('latin1')).not.toMatch(/secret|json/);
    const [opened] = await codec(NEW).decode([sealed!]);
    expect(valueOf(opened!)).toBe('a secret');
  });

  it('is different each time', async () => {
    const [first, second] = await codec(NEW).encode([payload(1), payload(1)]);
    expect(first!.data).not.toEqual(second!.data);
  });

  it('encrypts with the first key and decrypts with all, so that keys can be rotated', async () => {
    const before = await codec(OLD).encode([payload('before')]);
    const rotated = codec(`${NEW}, ${OLD}`);
    expect(valueOf((await rotated.decode(before))[0]!)).toBe('before');
    const after = await rotated.encode([payload('after')]);
    expect(valueOf((await codec(NEW).decode(after))[0]!)).toBe('after');
    await expect(codec(OLD).decode(after)).rejects.toThrow(/the key new, which UFM_ENCRYPTION_KEYS does not have/); // prettier-ignore
  });

  it.each(['nonce', 'ciphertext', 'tag', 'key id', 'length'])(
    'notices a changed %s',
    async (what) => {
      const [sealed] = await codec(`${NEW},${OLD}`).encode([payload('a secret')]);
      const { metadata, data } = sealed!;
      const changed = Buffer.from(data!);
      const at = { nonce: 0, ciphertext: 20, tag: changed.length - 1 }[what];
      if (at !== undefined) changed[at]! ^= 1;
      const tampered = {
        metadata: {
          ...metadata!,
          ...(what === 'key id' && { 'encryption-key-id': Buffer.from('old') }),
        },
        data: what === 'length' ? changed.subarray(0, 20) : changed,
      };
      await expect(codec(`${NEW},${OLD}`).decode([tampered])).rejects.toThrow(what === 'key id' ? /another key of the id old/ : /somebody has changed it/); // prettier-ignore
    },
  );

  const owner = { type: 'workflow', namespace: 'default', workflowId: 'ufm/a/study/1' } as const;

  it('opens nothing that was encrypted for another workflow, namespace or schedule', async () => {
    const sealed = await codec(NEW).encode([payload('mine')], owner);
    const activity = { ...owner, type: 'activity', isLocal: false } as const;
    expect(valueOf((await codec(NEW).decode(sealed, activity))[0]!)).toBe('mine');
    for (const other of [
      { ...owner, workflowId: 'ufm/a/study/2' },
      { ...owner, namespace: 'other' },
      undefined,
    ]) {
      await expect(codec(NEW).decode(sealed, other)).rejects.toThrow(/for another workflow/);
    }
    const scheduled = { ...owner, workflowId: 'ufm/a/study/scheduled' };
    const input = await codec(NEW).encode([payload('nightly')], scheduled);
    const night = { ...owner, workflowId: 'ufm/a/study/scheduled-2026-11-30T02:00:00Z' };
    expect(valueOf((await codec(NEW).decode(input, night))[0]!)).toBe('nightly');
    const others = { ...owner, workflowId: 'ufm/a/other/scheduled-2026-11-30T02:00:00Z' };
    await expect(codec(NEW).decode(input, others)).rejects.toThrow(/for another workflow/);
  });

  it('reads what an early version encrypted, which is bound to nothing, unless encryption is required', async () => {
    const [id, key] = OLD.split(':') as [string, string];
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(key, 'base64'), nonce);
    cipher.setAAD(Buffer.from(id));
    const plain = PayloadMessage.encode(payload('early')).finish();
    const data = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    const early: Payload = {
      metadata: { encoding: Buffer.from('binary/encrypted'), 'encryption-key-id': Buffer.from(id) },
      data,
    };
    expect(valueOf((await codec(OLD).decode([early], owner))[0]!)).toBe('early');
    await expect(codec(OLD, true).decode([early], owner)).rejects.toThrow(
      /UFM_ENCRYPTION=required refuses/,
    );
  });

  it('takes nothing plain where encryption is required', async () => {
    await expect(codec(NEW, true).decode([payload('plain')], owner)).rejects.toThrow(
      /is not encrypted/,
    );
    expect(isEncryptionRequired(readKeyring(NEW), 'required')).toBe(true);
    expect(isEncryptionRequired(readKeyring(NEW), '')).toBe(false);
    expect(() => isEncryptionRequired(readKeyring(''), 'required')).toThrow(/has no key/);
    expect(() => isEncryptionRequired(readKeyring(NEW), 'yes')).toThrow(/UFM_ENCRYPTION is yes/);
  });

  it('lets pass what is not encrypted, as before it was turned on', async () => {
    expect(valueOf((await codec(NEW).decode([payload('plain')]))[0]!)).toBe('plain');
    expect(valueOf((await codec('').encode([payload('plain')]))[0]!)).toBe('plain');
  });

  it.each([
    ['a key without an id', newKey(), /entry 1 is not `id:key`/],
    ['a short key', `a:${randomBytes(16).toString('base64')}`, /a key of 32 bytes in base64/],
    ['an empty entry', `${NEW},`, /entry 2 is not `id:key`/],
    ['an id twice', `${NEW},${NEW}`, /two keys have the id new/],
  ])('refuses %s without showing it', (_, text, message) => {
    let refusal = '';
    try {
      readKeyring(text);
    } catch (error) {
      refusal = String(error);
    }
    expect(refusal).toMatch(message);
    for (const key of text.split(/[:,]/).filter((part) => part.length > 10))
      expect(refusal).not.toContain(key);
  });
});

describe('an encrypted study', () => {
  let folder: string;
  let server: EmbeddedServer;
  let access: ServerAccess;

  beforeAll(async () => {
    configureRuntime({ logLevel: 'ERROR', metrics: null, deployment: null });
    folder = await mkdtemp(path.join(tmpdir(), 'ufm-encrypted-'));
    const binary = (await findTemporalBinary())!;
    server = await startEmbeddedServer({ folder, binary, extraArguments: [] });
    access = openServer(server.address);
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const settings = { window: 2, again: false, queue: SOLVE_QUEUE };

  /** The whole history of a study, as the server has it, but for its id and its search attributes, which are plain by nature. */
  async function historyText(id: string): Promise<string> {
    const client = await connectClient(access);
    try {
      const history = await client.workflow.getHandle(id).fetchHistory();
      for (const event of history.events ?? []) {
        const started = event.workflowExecutionStartedEventAttributes;
        const upserted = event.upsertWorkflowSearchAttributesEventAttributes;
        if (started) Object.assign(started, { workflowId: '', searchAttributes: null });
        if (upserted) upserted.searchAttributes = null;
      }
      return Buffer.from(History.encode(history).finish()).toString('latin1');
    } finally {
      await client.connection.close();
    }
  }

  interface Conducted {
    readonly result: unknown;
    readonly history: string;
    readonly store: string;
  }

  const shown = ({ history, store }: Conducted): string[] =>
    ['planted', store].filter((word) => history.includes(word));

  /** @param saved whether its workers find the study; otherwise it fails */
  async function conducted(keys: string, saved: boolean): Promise<Conducted> {
    vi.stubEnv('UFM_ENCRYPTION_KEYS', keys);
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY.replace('name: small', `name: planted-${saved ? 'a' : 'b'}`)); // prettier-ignore
    if (!saved) await rm(path.join(store.url, 'studies'), { recursive: true });
    const client = await StudyClient.connect(access);
    const workers = await startStudyWorkers(access, reference);
    try {
      await client.start(reference, settings);
      const result = await client.result(reference);
      return { result, history: await historyText(workflowId(reference)), store: store.url };
    } finally {
      await Promise.all(workers.map((running) => running.stop()));
      await client.close();
    }
  }

  it('leaves neither its name nor its store in its history, whereas one without keys does', async () => {
    const plain = await conducted('', true);
    expect(shown(plain)).toEqual(['planted', plain.store]);
    const study = await conducted(NEW, true);
    expect(study.result).toMatchObject({ state: 'done', progress: { points: { done: 9 } } });
    expect(study.history.includes('binary/encrypted')).toBe(true);
    expect(shown(study)).toEqual([]);
  });

  it.each([
    ['shows its store to the server when it is scheduled without keys', ''],
    ['does not when it is scheduled with them, and runs all the same', NEW],
  ])('%s', async (_, keys) => {
    vi.stubEnv('UFM_ENCRYPTION_KEYS', keys);
    const name = keys === '' ? 'planted-plain' : 'planted-scheduled';
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY.replace('name: small', `name: ${name}`));
    const schedules = await StudySchedules.connect(access);
    const client = await connectClient(access);
    const studies = await StudyClient.connect(access);
    const workers = await startStudyWorkers(access, reference);
    try {
      await schedules.set(reference, '0 3 * * *', settings);
      const handle = client.schedule.getHandle(studyId(reference));
      await handle.trigger();
      const result = () => studies.result(reference).catch(() => null);
      await expect
        .poll(result, { timeout: 50_000, interval: 100 })
        .toMatchObject({ state: 'done', progress: { points: { done: 9 } } });
      const [started] = (await handle.describe()).info.recentActions;
      const { workflowId: id } = started!.action.workflow;
      await client.workflow.getHandle(id).result();
      const kept = await client.workflowService.describeSchedule({
        namespace: access.namespace,
        scheduleId: studyId(reference),
      });
      const texts = [
        Buffer.from(DescribeScheduleResponse.encode(kept).finish()).toString('latin1'),
        await historyText(id),
        await historyText(workflowId(reference)),
      ];
      expect(texts.map((text) => text.includes(store.url))).toEqual(texts.map(() => keys === ''));
      expect(texts.map((text) => text.includes('binary/encrypted'))).toEqual(
        texts.map(() => keys !== ''),
      );
      expect(await schedules.list(reference)).toContainEqual(
        expect.objectContaining({ study: name, cron: '0 3 * * *' }),
      );
    } finally {
      await Promise.all(workers.map((running) => running.stop()));
      await studies.close();
      await client.connection.close();
      await schedules.delete(reference, name);
      await schedules.close();
    }
  });

  it('fails with a reason that people can read and its history does not show', async () => {
    const study = await conducted(NEW, false);
    expect(study.result).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(study.store) as string,
    });
    expect(shown(study)).toEqual([]);
  });

  it('does nothing for a plain workflow where encryption is required, nor for the input of another one', async () => {
    vi.stubEnv('UFM_ENCRYPTION_KEYS', NEW);
    const store = await newStore();
    const reference = await saveText(store, SMALL_STUDY);
    const mine = await StudyClient.connect(access);
    await mine.start(reference, settings);
    vi.stubEnv('UFM_ENCRYPTION_KEYS', '');
    const stranger = await StudyClient.connect(access);
    const plain = { ...reference, specHash: 'plain' };
    await stranger.start(plain, settings);
    const raw = await connectClient(access);
    // As whoever reads the server's database could: the ciphertext of one study under the id of another.
    const moved = { ...reference, specHash: 'moved' };
    const { events } = await raw.workflow.getHandle(workflowId(reference)).fetchHistory();
    const { input } = events![0]!.workflowExecutionStartedEventAttributes!;
    await raw.workflowService.startWorkflowExecution({
      namespace: access.namespace,
      workflowId: workflowId(moved),
      workflowType: { name: 'study' },
      taskQueue: { name: controlQueue(reference) },
      requestId: 'moved',
      input: input!,
    });
    vi.stubEnv('UFM_ENCRYPTION_KEYS', NEW);
    vi.stubEnv('UFM_ENCRYPTION', 'required');
    const workers = await startStudyWorkers(access, reference);
    try {
      const failed = (message: RegExp) => ({
        state: 'failed',
        message: expect.stringMatching(message) as string,
      });
      expect(await mine.result(plain)).toEqual(failed(/not encrypted, which UFM_ENCRYPTION=required refuses/)); // prettier-ignore
      expect(await mine.result(moved)).toEqual(failed(/encrypted for another workflow/));
      expect(await mine.result(reference)).toMatchObject({ state: 'done' });
    } finally {
      await Promise.all(workers.map((running) => running.stop()));
      await mine.close();
      await stranger.close();
      await raw.connection.close();
    }
  });

  it('is refused to who does not have its key, with what to do', async () => {
    const reference = { store: folder, study: 'planted-c', specHash: 'hash' };
    vi.stubEnv('UFM_ENCRYPTION_KEYS', NEW);
    const owner = await StudyClient.connect(access);
    await owner.start(reference, settings);
    vi.stubEnv('UFM_ENCRYPTION_KEYS', '');
    const stranger = await StudyClient.connect(access);
    try {
      expect(await owner.look(reference)).toMatchObject({ running: true });
      await expect(stranger.look(reference)).rejects.toThrow(/the key new, which UFM_ENCRYPTION_KEYS does not have/); // prettier-ignore
    } finally {
      await owner.close();
      await stranger.close();
    }
  });
});
