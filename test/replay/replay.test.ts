import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { describe, expect, it } from 'vitest';
import { workerTracing } from '../../workers/tracing/tracing.js';
import { TRACE_HEADER } from '../../workflows/names.js';

/** Histories from before a round was handed to segments; all but the last from before stores had identities. */
const EARLIER = ['paused-and-resized', 'planned-again', 'cancelled', 'traced', 'in-store'];

/** A study that passes the rest of a round on, the segment that takes it, and a study that waited for its infrastructure. */
const NAMES = [...EARLIER, 'sliding', 'segment', 'halted'];

const workflowBundle = { codePath: createRequire(import.meta.url).resolve('#workflow-bundle') };

const textOf = (name: string): string =>
  readFileSync(path.join(import.meta.dirname, `${name}.json`), 'utf8');

/** @param name of the study, which its segments have in their ids */
const replay = (history: string, name = 'study'): Promise<void> =>
  Worker.runReplayHistory(
    { workflowBundle, ...workerTracing() },
    JSON.parse(history),
    `ufm/${name}/recorded`,
  );

/** A value as a history in JSON has it. */
function historyPayload(value: unknown) {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return { metadata: { encoding: base64('json/plain') }, data: base64(JSON.stringify(value)) };
}

describe('the workflow code of today', () => {
  it.each(NAMES)('replays a recorded study: %s', async (name) => {
    await replay(textOf(name), name);
  });

  it.each([
    ['null', null],
    ['a number', 7],
    ['no span', {}],
    ['a span that is none', { traceparent: '00-0-0-01' }],
    ['a span that is no text', { traceparent: ['00'] }],
  ])('replays what was started within %s for a trace', async (_, carrier) => {
    const history = JSON.parse(textOf('traced')) as {
      events: { workflowExecutionStartedEventAttributes?: { header?: { fields: object } } }[];
    };
    const { header } = history.events[0]!.workflowExecutionStartedEventAttributes!;
    const payload = historyPayload(carrier);
    expect(Object.keys(header!.fields)).toEqual([TRACE_HEADER]);
    header!.fields = { [TRACE_HEADER]: payload };
    await replay(JSON.stringify(history));
  });

  it('has a history with a trace, and others from before there were any', () => {
    const traced = NAMES.filter((name) => textOf(name).includes('_tracer-data'));
    expect(traced).toEqual(['traced']);
  });

  it('has a history of a store with queues of its own, and others from before there were any', () => {
    const apart = NAMES.filter((name) => textOf(name).includes('ufm-control-0123456789ab'));
    expect(apart).toEqual(['in-store']);
    expect(textOf('in-store')).toContain('"name": "ufm-solve-0123456789ab-v7"');
  });

  it('has histories that pause, resize, fail a shard, continue as new and cancel', () => {
    const recorded = NAMES.map(textOf).join('');
    for (const event of [
      'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED',
      'EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED',
      'EVENT_TYPE_ACTIVITY_TASK_FAILED',
      'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
      'EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED',
    ]) {
      expect(recorded).toContain(event);
    }
  });

  it('has histories of a study and its segment, which tell each other how far they are', () => {
    const [study, segment] = ['sliding', 'segment'].map(textOf);
    expect(study).toContain('EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED');
    expect(study).toContain('"signalName": "report"');
    expect(study).toContain('EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW');
    expect(segment).toContain('"signalName": "orders"');
    expect(segment).toContain('EVENT_TYPE_EXTERNAL_WORKFLOW_EXECUTION_SIGNALED');
    for (const name of EARLIER) expect(textOf(name)).not.toContain('EVENT_TYPE_START_CHILD');
  });

  it('has a history that waits for its infrastructure by a timer', () => {
    expect(textOf('halted')).toContain('EVENT_TYPE_TIMER_FIRED');
  });

  it('has a history of a plan that was damaged, on the queue of its numerical version', () => {
    const history = textOf('planned-again');
    expect(history).toContain('"name": "ufm-solve-v7"');
    // The first round, the same again, and the one that asks for nothing.
    expect(history.match(/"name": "planRound"/g)).toHaveLength(3);
  });

  it.each([
    ['another activity', '"name": "solveShard"', '"name": "solveEverything"'],
    ['a shard fewer', '"activityId": "3"', '"activityId": "33"'],
    ['another segment', '"name": "segment"', '"name": "study"'],
  ])('does not replay a history that was tampered with: %s', async (_, original, tampered) => {
    const history = textOf('sliding');
    expect(history).toContain(original);
    await expect(replay(history.replace(original, tampered), 'sliding')).rejects.toThrow(
      DeterminismViolationError,
    );
  });
});
