import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { initialState, type ConductorState } from '../../study/conductor-state.js';
import { Conductor, type Ending } from '../../study/conductor.js';
import { STATE } from '../../study/state-shape.js';
import { FakeRunners } from './fake-runners.js';
import { everyShard, FakeSteps, POINTS_PER_SHARD, reference, settle } from './fake-steps.js';

/** Delivers the mail until nothing more comes of it. */
async function deliverAll(runners: FakeRunners): Promise<void> {
  await settle();
  while (runners.mail.length > 0) {
    runners.deliver();
    await settle();
  }
}

async function finishAll(steps: FakeSteps, runners: FakeRunners): Promise<void> {
  await deliverAll(runners);
  while (steps.inFlight.size > 0) {
    for (const name of [...steps.inFlight.keys()]) steps.finish(name);
    await deliverAll(runners);
  }
}

/** A conductor and the segments that it may start, with the run that a server suggests to end. */
class Study {
  readonly steps: FakeSteps;
  readonly runners: FakeRunners;
  readonly run = { isDue: false };
  conductor!: Conductor;
  ending!: Promise<Ending>;

  constructor(shards: number, window: number) {
    this.steps = new FakeSteps([shards]);
    this.runners = new FakeRunners(this.steps);
    this.begin(initialState(window));
  }

  begin(state: ConductorState): void {
    this.run.isDue = false;
    const { run } = this;
    this.conductor = new Conductor(reference, this.steps, () => run.isDue, state, this.runners);
    this.runners.conductor = this.conductor;
    this.ending = this.conductor.conduct();
  }

  /** As a workflow does: the next run starts from what is written down. */
  async continueAsNew(): Promise<void> {
    expect(await this.ending).toBe('checkpoint');
    const state = JSON.parse(JSON.stringify(this.conductor.state)) as ConductorState;
    expect(STATE(state, 'state')).toBeNull();
    this.begin(state);
    await settle();
  }

  get open(): string {
    return [...this.runners.running.keys()].at(-1)!;
  }
}

/** A study of 100 shards with a window of 8, whose own segment has handed out 8 and passes on the rest. */
async function passingOn(): Promise<Study> {
  const study = new Study(100, 8);
  await settle();
  study.run.isDue = true;
  study.steps.finish('plan-0/0');
  await deliverAll(study.runners);
  return study;
}

describe('a window that slides', () => {
  it('passes on each slot that gets free, so that no slot waits for a shard that takes long', async () => {
    const { steps, runners, conductor } = await passingOn();
    expect(runners.started).toBe(1);
    for (let shard = 1; shard < 7; shard += 1) {
      steps.finish(`plan-0/${shard}`);
      await deliverAll(runners);
      expect(steps.inFlight.size).toBe(8);
    }
    // One shard of the study itself takes long, and seven others are in flight all the same.
    expect([...steps.inFlight.keys()][0]).toBe('plan-0/7');
    expect(conductor.progress.shards).toMatchObject({ total: 100, done: 7 });
  });

  it('continues as new while its segment goes on, and ends with what all of them have counted', async () => {
    const study = await passingOn();
    const { steps, runners } = study;
    for (let shard = 1; shard < 8; shard += 1) steps.finish(`plan-0/${shard}`);
    await deliverAll(runners);
    await study.continueAsNew();
    expect(study.conductor.state.segments).toHaveLength(1);
    expect(steps.inFlight.size).toBe(8);
    await finishAll(steps, runners);
    expect(await study.ending).toBe('done');
    expect([...steps.handedOut].sort()).toEqual(everyShard([100]).sort());
    expect(steps.planned).toEqual([0, 1]);
    expect(steps.mostInFlight).toBe(8);
    expect(study.conductor.progress).toMatchObject({
      points: { total: 400, done: 400, failed: 0 },
      shards: { total: 100, done: 100, failed: 0, inFlight: 0 },
    });
    expect(study.conductor.state.segments).toEqual([]);
  });

  it('starts the next segment where one is full, and again gives it each slot that gets free', async () => {
    const { steps, runners } = await passingOn();
    const [first] = runners.running.values();
    first!.isDue = true;
    for (let shard = 1; shard < 20; shard += 1) {
      const [name] = [...steps.inFlight.keys()].slice(-1);
      steps.finish(name!);
      await deliverAll(runners);
      expect(steps.inFlight.size).toBe(8);
    }
    expect(runners.started).toBe(2);
  });

  it('pauses, resumes and takes another window, whoever hands out its shards', async () => {
    const study = await passingOn();
    const { steps, runners } = study;
    study.conductor.pause();
    await finishAll(steps, runners);
    await study.continueAsNew();
    const { conductor } = study;
    expect(conductor.progress).toMatchObject({ paused: true, shards: { inFlight: 0 } });
    const { size } = new Set(steps.handedOut);
    expect(size).toBeLessThan(100);
    conductor.resume();
    await deliverAll(runners);
    expect(steps.inFlight.size).toBe(8);
    conductor.setWindow(3);
    await deliverAll(runners);
    for (const name of [...steps.inFlight.keys()]) steps.finish(name);
    await deliverAll(runners);
    expect(steps.inFlight.size).toBe(3);
    conductor.setWindow(20);
    await deliverAll(runners);
    expect(steps.inFlight.size).toBe(20);
  });

  it('counts a shard that fails in a segment, and says why', async () => {
    const study = await passingOn();
    const { steps, runners } = study;
    steps.finish([...steps.inFlight.keys()].at(-1)!, new Error('the plan is gone'));
    for (let shard = 1; shard < 8; shard += 1) steps.finish(`plan-0/${shard}`);
    await deliverAll(runners);
    await study.continueAsNew();
    await finishAll(steps, runners);
    expect(await study.ending).toBe('done');
    expect(study.conductor.progress).toMatchObject({
      points: { done: 396, failed: 4 },
      shards: { done: 99, failed: 1 },
      shardFailure: 'the plan is gone',
    });
  });

  it('is not cancelled before all its segments have stopped', async () => {
    const study = await passingOn();
    const { steps, runners, conductor } = study;
    let isOver = false;
    void study.ending.then(() => (isOver = true));
    conductor.cancel();
    for (let shard = 1; shard < 8; shard += 1) steps.finish(`plan-0/${shard}`, new Error('stop'));
    await deliverAll(runners);
    expect(steps.inFlight.size).toBe(1);
    expect(isOver).toBe(false);
    steps.finish([...steps.inFlight.keys()][0]!, new Error('stop'));
    await deliverAll(runners);
    expect(await study.ending).toBe('cancelled');
    expect(conductor.progress.shards).toMatchObject({ failed: 0, inFlight: 0 });
  });

  it('is not cancelled before they have stopped where it was paused and only they are left', async () => {
    const study = await passingOn();
    const { steps, runners } = study;
    for (let shard = 1; shard < 8; shard += 1) steps.finish(`plan-0/${shard}`);
    await deliverAll(runners);
    study.conductor.pause();
    await study.continueAsNew();
    study.conductor.cancel();
    let isOver = false;
    void study.ending.then(() => (isOver = true));
    await deliverAll(runners);
    expect(isOver).toBe(false);
    for (const name of [...steps.inFlight.keys()]) steps.finish(name, new Error('stop'));
    await deliverAll(runners);
    expect(await study.ending).toBe('cancelled');
  });

  it('goes on after a segment was terminated, and plans again for what that had in flight', async () => {
    const study = await passingOn();
    const { steps, runners } = study;
    for (let shard = 1; shard < 8; shard += 1) steps.finish(`plan-0/${shard}`);
    await deliverAll(runners);
    await study.continueAsNew();
    await deliverAll(runners);
    runners.lose(study.open);
    steps.inFlight.clear();
    // Nothing happens until it is asked whether it is there.
    await deliverAll(runners);
    expect(steps.inFlight.size).toBe(0);
    for (const { end } of steps.delays.splice(0)) end();
    await deliverAll(runners);
    expect(steps.inFlight.size).toBe(8);
    await finishAll(steps, runners);
    expect(await study.ending).toBe('done');
    expect(steps.planned).toEqual([0, 0, 1]);
    expect(new Set(steps.handedOut)).toEqual(new Set(everyShard([100])));
    expect(study.conductor.progress).toMatchObject({
      points: { total: 400, done: 400, failed: 0 },
      shards: { failed: 0, inFlight: 0 },
    });
  });

  it('stops a segment that reports to a study which does not know it', async () => {
    const study = await passingOn();
    const { steps, runners } = study;
    const orphan = runners.running.get(study.open)!;
    // Begun anew: the same shards are handed out again, by a conductor that never started a segment.
    study.begin(initialState(8));
    await settle();
    while (runners.cancelled === 0) {
      const [own] = [...steps.inFlight.keys()].slice(-1);
      orphan.segment.setSlots(60);
      steps.finish(own!);
      await deliverAll(runners);
    }
    expect(orphan.segment.report.closed).toBe(true);
    expect(study.conductor.state.segments).toEqual([]);
  });

  it('waits for what is in flight where no segment may be started, and goes on by itself', async () => {
    const study = new Study(20, 4);
    const { steps, runners } = study;
    runners.mayStartMore = false;
    await settle();
    study.run.isDue = true;
    for (let shard = 0; shard < 4; shard += 1) steps.finish(`plan-0/${shard}`);
    await study.continueAsNew();
    await finishAll(steps, runners);
    expect(await study.ending).toBe('done');
    expect(runners.started).toBe(0);
    expect(steps.handedOut).toEqual(everyShard([20]));
  });

  it('hands out each shard once, within its window, whatever happens in whichever order', async () => {
    for (let seed = 1; seed <= 150; seed += 1) await slideRandomly(seed);
  });
});

/** Drives one study by random events, its messages late and its histories full at any time. */
async function slideRandomly(seed: number): Promise<void> {
  const generator = xoroshiro128plus(seed);
  const below = (limit: number): number => uniformInt(generator, 0, limit - 1);
  const window = 1 + below(6);
  const shards = 20 + below(60);
  const study = new Study(shards, window);
  const { steps, runners } = study;
  let failed = 0;
  const outcome: { ending: Ending | null } = { ending: null };
  const follow = (): void => {
    void study.ending.then((ending) => (outcome.ending = ending));
  };
  follow();
  for (;;) {
    await settle();
    if (outcome.ending === 'done') break;
    if (outcome.ending === 'checkpoint') {
      outcome.ending = null;
      await study.continueAsNew();
      follow();
      continue;
    }
    expect(steps.inFlight.size).toBeLessThanOrEqual(window);
    const names = [...steps.inFlight.keys()];
    const name = names[below(Math.max(1, names.length))];
    const segments = [...runners.running.values()];
    const event = below(12);
    if (event === 0) study.run.isDue = true;
    else if (event === 1 && segments.length > 0) segments[below(segments.length)]!.isDue = true;
    else if (event === 2) study.conductor.pause();
    else if (event <= 5 && runners.mail.length > 0) runners.deliver(1);
    else if (event === 6 && name !== undefined) {
      failed += 1;
      steps.finish(name, new Error('bad'));
    } else if (name !== undefined) steps.finish(name);
    else if (runners.mail.length > 0) runners.deliver();
    else study.conductor.resume();
  }
  expect([...steps.handedOut].sort()).toEqual(everyShard([shards]).sort());
  expect(study.conductor.progress).toMatchObject({
    shards: { total: shards, done: shards - failed, failed, inFlight: 0 },
    points: { failed: failed * POINTS_PER_SHARD, total: shards * POINTS_PER_SHARD },
  });
}
