import { once } from 'node:events';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openStore } from '../../results/open-store.js';
import { claimStore } from '../../results/store-identity.js';
import { longStudy } from '../activities/long-study.js';
import { LOCATING_STUDY, SMALL_STUDY } from '../activities/small-study.js';
import { ownServer } from '../own-server.js';
import { projectFile, temporaryFolder, ufmSweep } from './command.js';
import { startReceiver, type OtlpReceiver, type ReceivedSpan } from './otlp-receiver.js';

const PROGRAM = projectFile('dist/cli/main.js');

/** What nobody may find in a trace. */
const SECRET = 'planted-secret';

/** Traces are sent when a process ends, and not before: so that it is tested. */
const ONLY_AT_THE_END = { OTEL_BSP_SCHEDULE_DELAY: '3600000' };

function tracingTo(url: string, service: string): NodeJS.ProcessEnv {
  return {
    TEMPORAL_ADDRESS: '',
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${SECRET}`,
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
    OTEL_SERVICE_NAME: service,
    UFM_ENCRYPTION_KEYS: `now:${Buffer.from(SECRET.padEnd(32)).toString('base64')}`,
    AWS_SECRET_ACCESS_KEY: SECRET,
    ...ONLY_AT_THE_END,
  };
}

interface Sweep {
  readonly study: string;
  readonly store: string;
}

async function newSweep(text: string): Promise<Sweep> {
  const folder = await temporaryFolder();
  const study = path.join(folder, 'study.yaml');
  await writeFile(study, text);
  return { study, store: path.join(folder, 'store') };
}

const locally = ({ study, store }: Sweep): string[] => [
  ...['run', study, '--store', store, '--engine', 'local', '--threads', '1', '--device', 'loops'],
];

/** Has a process say, at its end, how many files of OpenTelemetry it has loaded; its packages are CommonJS. */
const LISTING = {
  NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(`
    import { _cache } from 'node:module';
    process.on('exit', () => {
      const files = Object.keys(_cache).filter((name) => name.includes('opentelemetry'));
      console.error('loaded of OpenTelemetry: ' + files.length);
    });`)}"`,
};

/** Names of the spans from the root to this one. */
function placeOf(span: ReceivedSpan, spans: readonly ReceivedSpan[]): string {
  if (span.parent === '') return span.name;
  const parent = spans.find(({ id }) => id === span.parent);
  return `${parent === undefined ? '?' : placeOf(parent, spans)} > ${span.name}`;
}

const named = (name: string, spans: readonly ReceivedSpan[]): ReceivedSpan[] =>
  spans.filter((span) => span.name === name);

const sumOf = (attribute: string, spans: readonly ReceivedSpan[]): number =>
  spans.reduce((sum, { attributes }) => sum + Number(attributes[attribute] ?? 0), 0);

/** Judges what has come of a study that was done; returns the places of its spans. */
async function expectWhole({ spans, bytes, headers }: OtlpReceiver, { store }: Sweep) {
  expect(new Set(spans.map(({ trace }) => trace)).size).toBe(1);
  expect(new Set(spans.map(({ id }) => id)).size).toBe(spans.length);
  expect(headers.authorization).toBe(SECRET);
  for (const secret of [SECRET, Buffer.from(SECRET).toString('base64').slice(0, 16)]) {
    expect(Buffer.concat(bytes).includes(secret)).toBe(false);
  }

  const parts = await readdir(path.join(store, 'parts'));
  const published = named('publish part', spans);
  expect(published.map(({ attributes }) => attributes['ufm.part']).sort()).toEqual(
    parts.map((part) => `parts/${part}`).sort(),
  );
  for (const { attributes } of published) {
    const { size } = await stat(path.join(store, attributes['ufm.part'] as string));
    expect(attributes).toEqual({
      'ufm.store': store,
      'ufm.bytes': size,
      'ufm.part': attributes['ufm.part'],
      'ufm.part.won': true,
    });
  }
  const root = spans.find(({ parent }) => parent === '')!;
  const total = root.attributes['ufm.points'];
  expect(total).toBeGreaterThanOrEqual(9);
  expect(sumOf('ufm.points', named('solve', spans))).toBe(total);
  for (const { attributes } of named('solve', spans)) {
    expect(attributes).toMatchObject({ 'ufm.points_failed': 0, 'ufm.device': 'cpu' });
    expect(attributes['thread.id']).toBeGreaterThan(0);
  }
  // Starting a workflow is over long before the workflow; clocks of threads and workflows are read to the millisecond.
  const ids = new Map(spans.map((span) => [span.id, span]));
  for (const { name, parent, start, end } of spans.filter(({ parent }) => ids.has(parent))) {
    const outer = ids.get(parent)!;
    const within =
      start - outer.start > -20e6 && (name === 'RunWorkflow:study' || outer.end - end > -20e6);
    expect([name, outer.name, within]).toEqual([name, outer.name, true]);
  }
  return new Set(spans.map((span) => placeOf(span, spans)));
}

/** What is within a shard, at most, and within planning. */
const STEPS = {
  solveShard: ['read page', 'solve', 'publish piece', 'encode', 'publish part'],
  planRound: ['locate', 'publish plan'],
  analyze: [],
};

function placesWithin(outer: (activity: string) => string[]): string[] {
  return Object.entries(STEPS).flatMap(([activity, steps]) => {
    const places = outer(activity);
    return [...places, ...steps.map((step) => `${places.at(-1)!} > ${step}`)];
  });
}

describe('a trace', () => {
  it('leads from the command through workflow and activities to each part, across processes', async () => {
    const folder = await temporaryFolder();
    const server = await ownServer(folder);
    const receiver = await startReceiver();
    const at = ['--address', server.address];
    const sweep = await newSweep(SMALL_STUDY);
    const working = ['worker', ...at, '--store', sweep.store, '--concurrency', '1'];
    const solver = execa(process.execPath, [PROGRAM, ...working], {
      env: tracingTo(receiver.url, 'worker'),
      reject: false,
    });
    onTestFinished(() => void solver.kill('SIGKILL'));

    const words = ['run', sweep.study, '--store', sweep.store, '--threads', '0', ...at, '--json'];
    const ran = await ufmSweep(words, { env: tracingTo(receiver.url, 'command') });
    expect(ran).toMatchObject({ exitCode: 0 });
    const ofCommand = receiver.spans.length;
    expect(receiver.spans.map(({ name }) => name).sort()).toEqual([
      'SignalWithStartWorkflow:study',
      'ufm-sweep run',
    ]);
    solver.kill('SIGTERM');
    expect(await solver).toMatchObject({ exitCode: 0, stdout: '' });

    const run = 'ufm-sweep run > SignalWithStartWorkflow:study > RunWorkflow:study';
    const places = await expectWhole(receiver, sweep);
    // Not of a study that is as quick and as plain.
    places.add(`${run} > StartActivity:solveShard > RunActivity:solveShard > publish piece`);
    places.add(`${run} > StartActivity:planRound > RunActivity:planRound > locate`);
    expect([...places].sort()).toEqual(
      [
        'ufm-sweep run',
        'ufm-sweep run > SignalWithStartWorkflow:study',
        run,
        ...placesWithin((activity) => [
          `${run} > StartActivity:${activity}`,
          `${run} > StartActivity:${activity} > RunActivity:${activity}`,
        ]),
      ].sort(),
    );
    const root = receiver.spans.find(({ parent }) => parent === '')!;
    expect(root.attributes).toMatchObject({
      'ufm.study': 'small',
      'ufm.engine': 'temporal',
      'ufm.state': 'done',
      'ufm.points': 9,
      'ufm.points_failed': 0,
    });
    expect(root.attributes['ufm.spec_hash']).toMatch(/^[0-9a-f]{16}$/);
    expect(root.resource).toMatchObject({
      'service.name': 'command',
      'deployment.environment': 'test',
    });
    for (const { resource } of receiver.spans.slice(ofCommand)) {
      expect(resource['service.name']).toBe('worker');
    }
    for (const { attributes } of named('RunActivity:solveShard', receiver.spans)) {
      expect(attributes).toMatchObject({ 'ufm.study': 'small', 'ufm.attempt': 1 });
    }
    // Of the workflow, no more than its names: its memo and its search attributes are not those.
    const [workflow] = named('RunWorkflow:study', receiver.spans);
    expect(Object.keys(workflow!.attributes).sort()).toEqual([
      'runId',
      'workflowId',
      'workflowType',
    ]);
  });

  it('leads from the command to each part in the local engine too', async () => {
    const receiver = await startReceiver();
    const sweep = await newSweep(LOCATING_STUDY);
    const env = { ...tracingTo(receiver.url, 'command'), ...LISTING };
    const { exitCode, stderr } = await ufmSweep(locally(sweep), { env });
    expect(stderr).toMatch(/^loaded of OpenTelemetry: [1-9]/m);
    expect(exitCode).toBe(0);
    const places = await expectWhole(receiver, sweep);
    places.add('ufm-sweep run > solveShard > publish piece');
    expect([...places].sort()).toEqual(
      ['ufm-sweep run', ...placesWithin((activity) => [`ufm-sweep run > ${activity}`])].sort(),
    );
    for (const { id } of named('solveShard', receiver.spans)) {
      const inside = receiver.spans.filter(({ parent }) => parent === id);
      for (const once of ['read page', 'encode', 'publish part']) {
        expect(named(once, inside).length).toBe(1);
      }
    }
  });

  it('ends with the command that is interrupted, and is sent', async () => {
    const receiver = await startReceiver();
    const sweep = await newSweep(longStudy());
    const env = tracingTo(receiver.url, 'command');
    const running = execa(process.execPath, [PROGRAM, ...locally(sweep)], { env, reject: false });
    const landed = () => readdir(path.join(sweep.store, 'parts')).catch(() => []);
    await expect.poll(landed, { timeout: 40_000, interval: 50 }).not.toEqual([]);
    running.kill('SIGINT');
    expect(await running).toMatchObject({ exitCode: 1 });
    const root = receiver.spans.find(({ parent }) => parent === '')!;
    expect(root).toMatchObject({
      name: 'ufm-sweep run',
      attributes: { 'ufm.state': 'interrupted' },
    });
    expect(named('publish part', receiver.spans).length).toBeGreaterThan(0);
  });

  it('names errors, and does not repeat their messages', async () => {
    const receiver = await startReceiver();
    const sweep = await newSweep(SMALL_STUDY);
    await claimStore(openStore(sweep.store));
    // Where parts belong there is a file: none can be published, and the message says where.
    await writeFile(path.join(sweep.store, 'parts'), SECRET);
    const env = { ...tracingTo(receiver.url, 'command'), OTEL_BSP_SCHEDULE_DELAY: '50' };
    // It waits for the store to be mended, until somebody interrupts it.
    const interrupt = new AbortController();
    const running = ufmSweep(locally(sweep), {
      ...{ env, cancelSignal: interrupt.signal, killSignal: 'SIGINT' },
    });
    const failures = () => receiver.spans.filter(({ status }) => status.code === 2);
    await vi.waitUntil(() => failures().some(({ name }) => name === 'solveShard'), 50_000);
    interrupt.abort();
    expect((await running).exitCode).not.toBe(0);
    const failed = failures();
    expect(failed.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['solveShard', 'publish part']),
    );
    for (const { status, events } of failed) {
      expect(status).toEqual({ code: 2 });
      expect(events).toEqual([
        {
          name: 'exception',
          attributes: { 'exception.type': expect.stringMatching(/^\w+$/) as string },
        },
      ]);
    }
  });
});

describe('without a collector', () => {
  it.each(['takes no connection', 'never answers'])('that %s a study is done', async (how) => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    onTestFinished(() => void silent.close());
    if (how === 'takes no connection') silent.close();
    const sweep = await newSweep(SMALL_STUDY);
    const env = {
      ...tracingTo(`http://user:${SECRET}@127.0.0.1:${port}`, 'command'),
      // All along, not at the end alone.
      OTEL_BSP_SCHEDULE_DELAY: '50',
    };
    const { exitCode, stdout, stderr } = await ufmSweep(locally(sweep), { env });
    expect(stderr).toMatch(/Some traces were not received.*OTEL_EXPORTER_OTLP_ENDPOINT/);
    expect(stderr).not.toContain(SECRET);
    expect(stdout).toContain('Report:');
    expect(exitCode).toBe(0);
  });
});

describe('a command that is not asked for traces', () => {
  it('sends nothing, and loads nothing of OpenTelemetry', async () => {
    const receiver = await startReceiver();
    const env = {
      ...tracingTo(receiver.url, 'command'),
      ...LISTING,
      OTEL_TRACES_EXPORTER: 'none',
    };
    const { exitCode, stderr } = await ufmSweep(locally(await newSweep(SMALL_STUDY)), { env });
    expect(stderr).toMatch(/^loaded of OpenTelemetry: 0$/m);
    expect(receiver.bytes).toEqual([]);
    expect(exitCode).toBe(0);
  });
});
