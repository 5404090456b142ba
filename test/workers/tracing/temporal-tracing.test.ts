import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { Context } from '@temporalio/activity';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asSpan } from '../../../workers/tracing/spans.js';
import { temporalTracing } from '../../../workers/tracing/temporal-tracing.js';
import { TRACE_HEADER } from '../../../workflows/names.js';
import { carrierOf } from '../../../workflows/trace-carrier.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

const exporter = new InMemorySpanExporter();
const processor = new SimpleSpanProcessor(exporter);
const resource = resourceFromAttributes({ 'service.name': 'test' });
const { client, worker } = temporalTracing(processor, resource);

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ resource, spanProcessors: [processor] }));
});
afterAll(() => {
  trace.disable();
  context.disable();
});
beforeEach(() => {
  exporter.reset();
});

const headers = (carrier: unknown): Headers => ({
  [TRACE_HEADER]: defaultPayloadConverter.toPayload(carrier),
});

/** Runs an activity that was started with these headers; returns the names of the spans. */
async function runWith(given: Headers, activity: () => Promise<unknown>): Promise<string[]> {
  const info = { activityType: 'solveShard', activityId: '1' };
  const [interceptor] = worker.interceptors!.activity as [
    (context: Pick<Context, 'info'>) => {
      inbound: { execute(input: object, next: unknown): Promise<unknown> };
    },
  ];
  const { inbound } = interceptor({ info } as Pick<Context, 'info'>);
  await inbound.execute({ args: [], headers: given }, activity);
  return exporter.getFinishedSpans().map(({ name }) => name);
}

describe('an activity', () => {
  it('is within the span of its header', async () => {
    const within = headers({ traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` });
    const work = () => asSpan('solve', {}, () => Promise.resolve());
    expect(await runWith(within, work)).toEqual(['solve', 'RunActivity:solveShard']);
    const [inner, outer] = exporter.getFinishedSpans();
    expect(outer!.parentSpanContext).toMatchObject({ traceId: TRACE_ID, spanId: SPAN_ID });
    expect(inner!.parentSpanContext).toMatchObject({ spanId: outer!.spanContext().spanId });
  });

  it('is in no trace that is not kept', async () => {
    const within = headers({ traceparent: `00-${TRACE_ID}-${SPAN_ID}-00` });
    expect(await runWith(within, () => Promise.resolve())).toEqual([]);
  });

  it.each([
    ['no header', {}],
    ['null', headers(null)],
    ['a number', headers(7)],
    ['no span', headers({})],
    ['a span that is none', headers({ traceparent: `00-${'0'.repeat(32)}-${SPAN_ID}-01` })],
    ['bytes of another encoding', { [TRACE_HEADER]: { metadata: {}, data: new Uint8Array(3) } }],
  ])('is done without a span, whatever this process runs, with %s', async (_, given) => {
    const seen = await asSpan('ufm-sweep run', {}, async () => {
      const active: unknown[] = [];
      await runWith(given, () => Promise.resolve(active.push(trace.getActiveSpan())));
      return active;
    });
    expect(seen).toEqual([undefined]);
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['ufm-sweep run']);
  });

  it('hands nothing on but the span: no baggage, which may be of any size', async () => {
    const traceparent = `00-${TRACE_ID}-${SPAN_ID}-01`;
    const baggage = Array.from({ length: 400 }, (_, i) => `key${i}=${'x'.repeat(200)}`).join(',');
    let told: Headers = {};
    await runWith(headers({ traceparent, baggage }), async () => {
      const [starting] = client.interceptors!.workflow as [
        { signalWithStart(input: object, next: (input: { headers: Headers }) => unknown): unknown },
      ];
      const input = { workflowType: 'study', headers: {}, options: { workflowId: 'ufm/small' } };
      await starting.signalWithStart(input, (started) => {
        told = started.headers;
        return Promise.resolve('run');
      });
    });
    expect(Object.keys(defaultPayloadConverter.fromPayload(told[TRACE_HEADER]!))).toEqual([
      'traceparent',
    ]);
  });

  it('is within a span with a state of others, if that is of bearable size', () => {
    const traceparent = `00-${TRACE_ID}-${SPAN_ID}-01`;
    const given = { traceparent, baggage: 'a=1' };
    expect(carrierOf(headers({ ...given, tracestate: 'a=1' }))).toEqual({
      traceparent,
      tracestate: 'a=1',
    });
    expect(carrierOf(headers({ ...given, tracestate: 'a'.repeat(1e6) }))).toEqual({ traceparent });
    expect(carrierOf(headers({ ...given, tracestate: 7 }))).toEqual({ traceparent });
  });

  it('that fails says what kind of error it was, and nothing of its message', async () => {
    const within = headers({ traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` });
    const failing = runWith(within, () => Promise.reject(new RangeError('a secret')));
    await expect(failing).rejects.toThrow('a secret');
    const [span] = exporter.getFinishedSpans();
    expect(span!.events.map(({ attributes }) => attributes)).toEqual([
      { 'exception.type': 'RangeError' },
    ]);
    expect(span!.status).toEqual({ code: 2 });
  });
});
