import { describe, expect, it } from 'vitest';
import { SpanRecorder } from '../../../workers/tracing/span-recorder.js';
import { tracesWanted } from '../../../workers/tracing/tracing.js';

const ENDPOINT = 'http://collector:4318';

describe('traces', () => {
  it.each([
    [{}, false],
    [{ OTEL_SERVICE_NAME: 'sweeps', OTEL_TRACES_SAMPLER: 'always_on' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ENDPOINT }, true],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, true],
    [{ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT }, false],
    [{ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT }, false],
  ])('are wanted as the variables %o say: %s', (environment, wanted) => {
    const notices: string[] = [];
    expect(tracesWanted(environment, (line) => notices.push(line))).toBe(wanted);
    expect(notices).toEqual([]);
  });

  it('are not had from an exporter that is not there, which is said', () => {
    const notices: string[] = [];
    const environment = { OTEL_TRACES_EXPORTER: 'zipkin', OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT };
    expect(tracesWanted(environment, (line) => notices.push(line))).toBe(false);
    expect(notices).toEqual([expect.stringContaining('OTEL_TRACES_EXPORTER=zipkin')]);
  });
});

describe('the spans of a thread', () => {
  it('are handed over with its result, and what is noted outside of them with them', async () => {
    const recorder = new SpanRecorder();
    const { result, recording } = await recorder.record(async () => {
      recorder.note({ outside: 1 });
      await recorder.span('first', { given: 1 }, () => {
        recorder.note({ noted: 2 });
        return Promise.resolve();
      });
      return recorder.span('second', {}, () => Promise.resolve('done'));
    });
    expect(result).toBe('done');
    expect(recording.attributes).toEqual({ outside: 1 });
    expect(recording.spans).toMatchObject([
      { name: 'first', attributes: { given: 1, noted: 2 }, error: null },
      { name: 'second', error: null },
    ]);
    for (const { start, end } of recording.spans) expect(end).toBeGreaterThanOrEqual(start);
  });

  it('do not pass into those of the next task when the task fails', async () => {
    const recorder = new SpanRecorder();
    const failing = recorder.record(() =>
      recorder.span('lost', {}, () => Promise.reject(new Error('full'))),
    );
    await expect(failing).rejects.toThrow('full');
    const { recording } = await recorder.record(() => Promise.resolve());
    expect(recording).toEqual({ spans: [], attributes: {} });
  });
});
