import { describe, expect, it } from 'vitest';
import { FAILURES_UNTIL_HALT } from '../../study/breaker.js';
import { initialState } from '../../study/conductor-state.js';
import { Conductor } from '../../study/conductor.js';
import type { Fault } from '../../study/orchestration.js';
import { STATE } from '../../study/state-shape.js';
import { everyShard, FakeSteps, finishAll, never, reference, settle } from './fake-steps.js';

function fault(kind: Exclude<Fault, 'shard'>, message = 'the store does not answer'): Error {
  return Object.assign(new Error(message), { name: kind });
}

/** Ends the delays that are under way. */
async function passTime(steps: FakeSteps): Promise<void> {
  for (const { end } of steps.delays.splice(0)) end();
  await settle();
}

async function failAll(steps: FakeSteps, error: Error): Promise<void> {
  for (const name of [...steps.inFlight.keys()]) steps.finish(name, error);
  await settle();
}

/** A study whose infrastructure has just failed every shard of its window. */
async function halted(shards: number, window: number) {
  const steps = new FakeSteps([shards]);
  const conductor = new Conductor(reference, steps, never, initialState(window));
  const ending = conductor.conduct();
  await settle();
  await failAll(steps, fault('infrastructure'));
  return { steps, conductor, ending };
}

describe('a conductor whose infrastructure fails', () => {
  it('counts no shard and no point as failed, however long it lasts, and goes on when it is back', async () => {
    const { steps, conductor, ending } = await halted(20, 8);
    for (let probe = 0; probe < 100; probe += 1) {
      await passTime(steps);
      expect(steps.inFlight.size).toBe(1);
      await failAll(steps, fault('infrastructure'));
    }
    expect(conductor.progress).toMatchObject({
      halted: 'the store does not answer',
      paused: false,
      points: { total: 80, done: 0, failed: 0 },
      shards: { total: 20, done: 0, failed: 0, inFlight: 0 },
      shardFailure: null,
    });
    await passTime(steps);
    await finishAll(steps);
    expect(await ending).toBe('done');
    expect(new Set(steps.handedOut)).toEqual(new Set(everyShard([20])));
    expect(conductor.progress).toMatchObject({
      halted: null,
      points: { total: 80, done: 80, failed: 0 },
      shards: { total: 20, done: 20, failed: 0 },
    });
  });

  it('fills its window again as soon as one probe has succeeded', async () => {
    const { steps, ending } = await halted(20, 8);
    await passTime(steps);
    const [probe] = steps.inFlight.keys();
    steps.finish(probe!);
    await settle();
    expect(steps.inFlight.size).toBe(8);
    await finishAll(steps);
    expect(await ending).toBe('done');
  });

  it('takes what was in flight all along for a success', async () => {
    const steps = new FakeSteps([20]);
    const conductor = new Conductor(reference, steps, never, initialState(8));
    const ending = conductor.conduct();
    await settle();
    for (let shard = 1; shard < 8; shard += 1) steps.finish(`plan-0/${shard}`, fault('infrastructure')); // prettier-ignore
    await settle();
    expect(conductor.progress.halted).not.toBeNull();
    steps.finish('plan-0/0');
    await settle();
    expect(conductor.progress.halted).toBeNull();
    expect(steps.inFlight.size).toBe(8);
    await finishAll(steps);
    expect(await ending).toBe('done');
  });

  it('probes with another shard each time, so that none keeps the others waiting', async () => {
    const { steps, conductor } = await halted(20, 6);
    const probes: string[] = [];
    for (let probe = 0; probe < 6; probe += 1) {
      await passTime(steps);
      probes.push(...steps.inFlight.keys());
      await failAll(steps, fault('infrastructure'));
    }
    expect(new Set(probes).size).toBe(6);
    conductor.cancel();
  });

  it('probes at once when somebody resumes it, but never while somebody has paused it', async () => {
    const { steps, conductor } = await halted(20, 8);
    expect(steps.inFlight.size).toBe(0);
    conductor.pause();
    await passTime(steps);
    expect(steps.inFlight.size).toBe(0);
    expect(conductor.progress).toMatchObject({ paused: true });
    conductor.resume();
    await settle();
    expect(steps.inFlight.size).toBe(1);
    await failAll(steps, fault('infrastructure'));
    conductor.resume();
    await settle();
    expect(steps.inFlight.size).toBe(1);
    conductor.cancel();
  });

  it('hands out others meanwhile when a few have failed, and those again after a delay', async () => {
    const steps = new FakeSteps([20]);
    const conductor = new Conductor(reference, steps, never, initialState(8));
    const ending = conductor.conduct();
    await settle();
    steps.finish('plan-0/2', fault('infrastructure'));
    steps.finish('plan-0/3');
    await settle();
    // The shard that waits keeps its slot.
    expect([...steps.inFlight.keys()].sort()).toEqual(
      [0, 1, 4, 5, 6, 7, 8].map((shard) => `plan-0/${shard}`),
    );
    await passTime(steps);
    expect(steps.inFlight.has('plan-0/2')).toBe(true);
    await finishAll(steps);
    expect(await ending).toBe('done');
    expect(conductor.progress.shards).toMatchObject({ done: 20, failed: 0 });
  });

  it('plans and analyzes again, without limit, and does not fail', async () => {
    const steps = new FakeSteps([1]);
    const planRound = steps.planRound.bind(steps);
    const analyze = steps.analyze.bind(steps);
    let failures = 0;
    const failing = <T>(step: () => Promise<T>): Promise<T> => {
      failures += 1;
      return failures % 40 === 0 ? step() : Promise.reject(fault('infrastructure'));
    };
    steps.planRound = (_, round) => failing(() => planRound(_, round));
    steps.analyze = () => failing(analyze);
    const conductor = new Conductor(reference, steps, never, initialState());
    const outcome: { ending: string | null } = { ending: null };
    const ending = conductor.conduct().then((how) => (outcome.ending = how));
    let isHalted = false;
    while (outcome.ending === null) {
      isHalted ||= conductor.progress.halted !== null;
      await passTime(steps);
      await finishAll(steps);
    }
    expect(await ending).toBe('done');
    expect(isHalted).toBe(true);
    expect(failures).toBe(120);
    expect(conductor.progress).toMatchObject({ halted: null, points: { done: 4, failed: 0 } });
  });

  it('can be cancelled while it is halted', async () => {
    const { conductor, ending } = await halted(20, 8);
    conductor.cancel();
    expect(await ending).toBe('cancelled');
    expect(conductor.progress.shards.failed).toBe(0);
  });

  it('goes on halted where a checkpoint was due, and settles by another plan what was left', async () => {
    const steps = new FakeSteps([20]);
    let isDue = false;
    const first = new Conductor(reference, steps, () => isDue, initialState(8));
    const ending = first.conduct();
    await settle();
    isDue = true;
    await failAll(steps, fault('infrastructure'));
    expect(await ending).toBe('checkpoint');
    const state = JSON.parse(JSON.stringify(first.state)) as typeof first.state;
    expect(STATE(state, 'state')).toBeNull();
    expect(state).toMatchObject({ nextShard: 8, unsettled: true, breaker: { failures: 8 } });

    const second = new Conductor(reference, steps, never, state);
    const end = second.conduct();
    await settle();
    expect(second.progress.halted).toBe('the store does not answer');
    expect(steps.inFlight.size).toBe(0);
    await passTime(steps);
    await finishAll(steps);
    expect(await end).toBe('done');
    expect(steps.planned).toEqual([0, 0, 1]);
    expect(second.progress.points).toMatchObject({ total: 80, done: 80, failed: 0 });
  });
});

describe('a shard whose worker is lost at every try', () => {
  const lost = fault('worker lost', 'activity Heartbeat timeout');

  it('counts as failed where others have landed meanwhile', async () => {
    const steps = new FakeSteps([6]);
    const conductor = new Conductor(reference, steps, never, initialState(3));
    const ending = conductor.conduct();
    await settle();
    steps.finish('plan-0/1');
    steps.finish('plan-0/0', lost);
    await finishAll(steps);
    expect(await ending).toBe('done');
    expect(conductor.progress).toMatchObject({
      shards: { done: 5, failed: 1 },
      shardFailure: 'activity Heartbeat timeout',
    });
  });

  it('is handed out again where nothing else has landed: all workers may have gone', async () => {
    const steps = new FakeSteps([6]);
    const conductor = new Conductor(reference, steps, never, initialState(FAILURES_UNTIL_HALT));
    const ending = conductor.conduct();
    await settle();
    await failAll(steps, lost);
    expect(conductor.progress).toMatchObject({
      halted: 'activity Heartbeat timeout',
      shards: { failed: 0 },
    });
    await passTime(steps);
    await finishAll(steps);
    expect(await ending).toBe('done');
    expect(conductor.progress.shards).toMatchObject({ done: 6, failed: 0 });
  });

  it('counts as failed after three hand-outs where it is the only one, so that the study ends', async () => {
    const steps = new FakeSteps([1]);
    const conductor = new Conductor(reference, steps, never, initialState());
    const ending = conductor.conduct();
    await settle();
    for (let handOut = 0; handOut < 3; handOut += 1) {
      await failAll(steps, lost);
      await passTime(steps);
    }
    expect(await ending).toBe('done');
    expect(steps.handedOut).toEqual(['plan-0/0', 'plan-0/0', 'plan-0/0']);
    expect(conductor.progress).toMatchObject({ points: { failed: 4 }, shards: { failed: 1 } });
  });

  it('fails the study in the end where it is the planning that loses its workers', async () => {
    const steps = new FakeSteps([1]);
    let plannings = 0;
    steps.planRound = () => {
      plannings += 1;
      return Promise.reject(lost);
    };
    const ending = new Conductor(reference, steps, never, initialState()).conduct();
    ending.catch(() => undefined);
    for (let time = 0; time < 5; time += 1) await passTime(steps).then(settle);
    await expect(ending).rejects.toThrow('Heartbeat timeout');
    expect(plannings).toBe(3);
  });
});
