import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_WINDOW,
  initialState,
  MAXIMUM_WINDOW,
  progressOf,
  windowProblem,
  withInFlight,
  type ConductorState,
} from '../../study/conductor-state.js';
import { Conductor, MAXIMUM_ROUNDS, type Ending } from '../../study/conductor.js';
import type { RoundPlan, ShardOutcome } from '../../study/orchestration.js';
import {
  everyShard,
  FakeSteps,
  finishAll,
  never,
  POINTS_PER_SHARD,
  reference,
  settle,
} from './fake-steps.js';

describe('progress with what is solved of shards in flight', () => {
  const points = { total: 100, done: 40, failed: 10, cached: 0 };
  const progress = { ...progressOf(initialState()), points };

  it('counts it as done', () => {
    expect(withInFlight(progress, 20).points).toEqual({ ...points, done: 60 });
  });

  it('never counts more than there is, where a shard has ended between two answers', () => {
    expect(withInFlight(progress, 60).points).toEqual({ ...points, done: 90 });
  });
});

describe('a conductor', () => {
  it('solves every shard of every round once, then analyzes', async () => {
    const steps = new FakeSteps([5, 2, 1]);
    const conductor = new Conductor(reference, steps, never, initialState());
    const ending = conductor.conduct();
    await finishAll(steps);
    expect(await ending).toBe('done');
    expect(steps.handedOut).toEqual(everyShard([5, 2, 1]));
    expect(steps.planned).toEqual([0, 1, 2, 3]);
    expect(steps.analyses).toBe(1);
    expect(conductor.progress).toMatchObject({
      stage: 'done',
      points: { total: 32, done: 32, failed: 0, cached: 0 },
      shards: { total: 8, done: 8, failed: 0, inFlight: 0 },
    });
  });

  it('keeps exactly its window of shards in flight while there are more', async () => {
    const steps = new FakeSteps([20]);
    const ending = new Conductor(reference, steps, never, initialState()).conduct();
    await settle();
    expect(steps.inFlight.size).toBe(DEFAULT_WINDOW);
    steps.finish('plan-0/3');
    await settle();
    expect(steps.inFlight.size).toBe(DEFAULT_WINDOW);
    await finishAll(steps);
    await ending;
    expect(steps.mostInFlight).toBe(DEFAULT_WINDOW);
  });

  it('fills a window that grows at once, and lets a window that shrinks run down', async () => {
    const steps = new FakeSteps([20]);
    const conductor = new Conductor(reference, steps, never, initialState(2));
    const ending = conductor.conduct();
    await settle();
    conductor.setWindow(5);
    await settle();
    expect(steps.inFlight.size).toBe(5);
    conductor.setWindow(1);
    for (const name of ['plan-0/0', 'plan-0/1', 'plan-0/2', 'plan-0/3']) steps.finish(name);
    await settle();
    expect([...steps.inFlight.keys()]).toEqual(['plan-0/4']);
    await finishAll(steps);
    expect(await ending).toBe('done');
  });

  it('refuses a window that is not a whole number in range, and keeps the one it has', () => {
    const conductor = new Conductor(reference, new FakeSteps([1]), never, initialState());
    for (const window of [0, -1, 2.5, Number.NaN, MAXIMUM_WINDOW + 1]) {
      expect(windowProblem(window)).toContain('from 1 to');
      expect(() => {
        conductor.setWindow(window);
      }).toThrow(RangeError);
    }
    expect(windowProblem(MAXIMUM_WINDOW)).toBeNull();
    expect(conductor.state.window).toBe(DEFAULT_WINDOW);
  });

  it('counts a shard that fails for good with all its points, and solves the others', async () => {
    const steps = new FakeSteps([3], 2);
    const conductor = new Conductor(reference, steps, never, initialState());
    const ending = conductor.conduct();
    await settle();
    steps.finish('plan-0/1', new Error('the disk is full'));
    steps.finish('plan-0/0', { points: POINTS_PER_SHARD, failed: 1 });
    await finishAll(steps);
    expect(await ending).toBe('done');
    expect(conductor.progress.points).toEqual({ total: 14, done: 9, failed: 5, cached: 2 });
    expect(conductor.progress.shards).toEqual({ total: 3, done: 2, failed: 1, inFlight: 0 });
    expect(conductor.progress.shardFailure).toBe('the disk is full');
  });

  it('goes on to the next round when every point of a round has landed already', async () => {
    const steps = new FakeSteps([0, 0]);
    steps.planRound = (_reference, round) =>
      Promise.resolve(
        round < 2
          ? { plan: 'p', shards: 0, points: 3, cached: 3, failed: 1 }
          : { plan: '', shards: 0, points: 0, cached: 0, failed: 0 },
      );
    const conductor = new Conductor(reference, steps, never, initialState());
    expect(await conductor.conduct()).toBe('done');
    expect(conductor.progress.points).toEqual({ total: 6, done: 4, failed: 2, cached: 6 });
    expect(conductor.progress.round).toBe(2);
  });

  it('ends a search that always asks for more', async () => {
    const steps = new FakeSteps(Array.from({ length: 2 * MAXIMUM_ROUNDS }, () => 1));
    const ending = new Conductor(reference, steps, never, initialState()).conduct();
    await finishAll(steps);
    expect(await ending).toBe('done');
    expect(steps.planned).toHaveLength(MAXIMUM_ROUNDS);
  });

  it('hands nothing out while paused, and goes on where it was', async () => {
    const steps = new FakeSteps([6]);
    const conductor = new Conductor(reference, steps, never, initialState(2));
    const ending = conductor.conduct();
    await settle();
    conductor.pause();
    await finishAll(steps);
    expect(steps.handedOut).toHaveLength(2);
    expect(conductor.progress).toMatchObject({
      paused: true,
      points: { done: 8 },
      shards: { inFlight: 0 },
    });
    conductor.resume();
    await finishAll(steps);
    expect(await ending).toBe('done');
    expect(steps.handedOut).toEqual(everyShard([6]));
  });

  it('does not even plan when it starts paused', async () => {
    const steps = new FakeSteps([1]);
    const conductor = new Conductor(reference, steps, never, { ...initialState(), paused: true });
    const ending = conductor.conduct();
    await settle();
    expect(steps.planned).toEqual([]);
    conductor.cancel();
    expect(await ending).toBe('cancelled');
  });

  describe('of which the plan of a round is damaged', () => {
    const damaged: ShardOutcome = { points: 0, failed: 0, planDamaged: true };

    /** Steps of one round of three shards, two points reused, that plan what is left when they are asked again. */
    class DamagedPlan extends FakeSteps {
      readonly #plans: RoundPlan[] = [
        { plan: 'first', shards: 3, points: 14, cached: 2, failed: 0 },
        { plan: 'second', shards: 2, points: 14, cached: 6, failed: 1 },
      ];
      readonly #last: RoundPlan = { plan: 'last', shards: 2, points: 14, cached: 6, failed: 1 };

      override planRound(_: unknown, round: number): Promise<RoundPlan> {
        this.planned.push(round);
        const nothing = { plan: '', shards: 0, points: 0, cached: 0, failed: 0 };
        return Promise.resolve(round > 0 ? nothing : (this.#plans.shift() ?? this.#last));
      }
    }

    it('plans the round again once its other shards are done, and counts each point once', async () => {
      const steps = new DamagedPlan([]);
      const conductor = new Conductor(reference, steps, never, initialState());
      const ending = conductor.conduct();
      await settle();
      steps.finish('first/0', damaged);
      await settle();
      expect(steps.planned).toEqual([0]);
      steps.finish('first/1', { points: 4, failed: 1 });
      steps.finish('first/2', damaged);
      await settle();
      expect(steps.planned).toEqual([0, 0]);
      // Two were reused; four were solved and have landed, one of them failed.
      expect(conductor.progress).toMatchObject({
        points: { total: 14, done: 5, failed: 1, cached: 2 },
        shards: { total: 3, done: 1, failed: 0, inFlight: 2 },
      });
      await finishAll(steps);
      expect(await ending).toBe('done');
      expect(steps.handedOut).toEqual(['first/0', 'first/1', 'first/2', 'second/0', 'second/1']);
      expect(conductor.progress).toMatchObject({
        points: { total: 14, done: 13, failed: 1, cached: 2 },
        shards: { total: 3, done: 3, failed: 0, inFlight: 0 },
      });
    });

    it('gives up where every plan is damaged, and counts what is missing as failed', async () => {
      const steps = new DamagedPlan([]);
      const conductor = new Conductor(reference, steps, never, initialState());
      const ending = conductor.conduct();
      await settle();
      while (steps.inFlight.size > 0) {
        for (const name of [...steps.inFlight.keys()]) steps.finish(name, damaged);
        await settle();
      }
      expect(await ending).toBe('done');
      expect(steps.planned).toEqual([0, 0, 0, 0, 1]);
      expect(conductor.progress).toMatchObject({
        points: { total: 14, done: 5, failed: 9 },
        shards: { total: 2, done: 0, failed: 2 },
      });
    });

    it('goes on from what an earlier version of this program wrote down', async () => {
      const { pointsBefore, planDamaged, damagedPlans, ...earlier } = initialState();
      expect([pointsBefore.total, planDamaged, damagedPlans]).toEqual([0, false, 0]);
      const steps = new FakeSteps([2]);
      const conductor = new Conductor(reference, steps, never, earlier as ConductorState);
      const ending = conductor.conduct();
      await finishAll(steps);
      expect(await ending).toBe('done');
      expect(conductor.progress.points).toMatchObject({ total: 8, done: 8 });
    });
  });

  it('ends as cancelled once what is in flight has stopped, without counting it as failed', async () => {
    const steps = new FakeSteps([6]);
    const conductor = new Conductor(reference, steps, never, initialState(2));
    const ending = conductor.conduct();
    await settle();
    conductor.cancel();
    steps.finish('plan-0/0', new Error('cancelled'));
    steps.finish('plan-0/1');
    expect(await ending).toBe('cancelled');
    expect(steps.handedOut).toHaveLength(2);
    expect(conductor.progress).toMatchObject({
      points: { done: 4, failed: 0 },
      shards: { failed: 0 },
    });
  });

  it('rejects when planning or analyzing fails, but not when it was cancelled', async () => {
    const steps = new FakeSteps([1]);
    let reject: (error: Error) => void = () => undefined;
    steps.planRound = () => new Promise((_resolve, rejectPlan) => (reject = rejectPlan));
    const failing = new Conductor(reference, steps, never, initialState()).conduct();
    await settle();
    reject(new Error('no such study'));
    await expect(failing).rejects.toThrow('no such study');

    const conductor = new Conductor(reference, steps, never, initialState());
    const cancelled = conductor.conduct();
    await settle();
    conductor.cancel();
    reject(new Error('cancelled'));
    expect(await cancelled).toBe('cancelled');
  });

  it('hands out each shard once whenever it is checkpointed, paused, resized or failed', async () => {
    for (let seed = 1; seed <= 200; seed += 1) await conductRandomly(seed);
  });
});

/** Drives one study by random events, through a new conductor from JSON after every checkpoint. */
async function conductRandomly(seed: number): Promise<void> {
  const generator = xoroshiro128plus(seed);
  const below = (limit: number): number => uniformInt(generator, 0, limit - 1);
  const shardsOfRounds = Array.from({ length: 1 + below(3) }, () => 1 + below(12));
  const steps = new FakeSteps(shardsOfRounds, below(3));
  let state: ConductorState = initialState(1 + below(4));
  let failedShards = 0;
  for (;;) {
    let checkpoint = false;
    const conductor = new Conductor(reference, steps, () => checkpoint, state);
    const outcome: { ending: Ending | null } = { ending: null };
    const conducting = conductor.conduct().then((ending) => (outcome.ending = ending));
    while (outcome.ending === null) {
      await settle();
      expect(steps.inFlight.size).toBe(conductor.progress.shards.inFlight);
      const event = below(10);
      const [name] = [...steps.inFlight.keys()].slice(below(Math.max(1, steps.inFlight.size)));
      const before = steps.inFlight.size;
      if (event === 0) checkpoint = true;
      else if (event === 1) conductor.pause();
      else if (event === 2) conductor.setWindow(1 + below(5));
      else if (event === 3 && name !== undefined) {
        failedShards += 1;
        steps.finish(name, new Error('lost'));
      } else if (name !== undefined) steps.finish(name);
      else conductor.resume();
      await settle();
      expect(steps.inFlight.size).toBeLessThanOrEqual(Math.max(before, conductor.state.window));
    }
    await conducting;
    state = JSON.parse(JSON.stringify(conductor.state)) as ConductorState;
    if (outcome.ending === 'done') break;
    expect(conductor.progress.shards.inFlight).toBe(0);
  }
  const expected = everyShard(shardsOfRounds);
  expect([...steps.handedOut].sort()).toEqual([...expected].sort());
  expect(state.shards).toEqual({
    total: expected.length,
    done: expected.length - failedShards,
    failed: failedShards,
  });
  expect(state.points.done + state.points.failed).toBe(state.points.total);
  expect(state.points.failed).toBe(failedShards * POINTS_PER_SHARD);
}
