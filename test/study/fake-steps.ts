import type { Fault, RoundPlan, ShardOutcome, Steps } from '../../study/orchestration.js';

export const reference = { store: 'memory', study: 'fake', specHash: 'abc' };
export const never = (): boolean => false;
export const POINTS_PER_SHARD = 4;

/** Steps that finish only when told to, in the order in which they are told. */
export class FakeSteps implements Steps {
  readonly planned: number[] = [];
  readonly handedOut: string[] = [];
  readonly inFlight = new Map<string, (outcome: ShardOutcome | Error) => void>();
  analyses = 0;
  mostInFlight = 0;
  readonly #shardsOfRounds: readonly number[];
  readonly #cached: number;

  constructor(shardsOfRounds: readonly number[], cached = 0) {
    this.#shardsOfRounds = shardsOfRounds;
    this.#cached = cached;
  }

  planRound(_reference: unknown, round: number): Promise<RoundPlan> {
    this.planned.push(round);
    const shards = this.#shardsOfRounds[round] ?? 0;
    const cached = shards === 0 ? 0 : this.#cached;
    const points = shards * POINTS_PER_SHARD + cached;
    return Promise.resolve({ plan: `plan-${round}`, shards, points, cached, failed: 0 });
  }

  solveShard(_reference: unknown, { plan }: RoundPlan, shard: number): Promise<ShardOutcome> {
    const name = `${plan}/${shard}`;
    this.handedOut.push(name);
    return new Promise((resolve, reject) => {
      this.inFlight.set(name, (outcome) => {
        this.inFlight.delete(name);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      });
      this.mostInFlight = Math.max(this.mostInFlight, this.inFlight.size);
    });
  }

  analyze(): Promise<void> {
    this.analyses += 1;
    return Promise.resolve();
  }

  reasonOf(error: unknown): string {
    return (error as Error).message;
  }

  classOf(error: unknown): Fault {
    const { name } = error as Error;
    return name === 'infrastructure' || name === 'worker lost' ? name : 'shard';
  }

  /** Delays that are waited for, in milliseconds, and what ends each. */
  readonly delays: { readonly milliseconds: number; readonly end: () => void }[] = [];

  sleep(milliseconds: number): Promise<void> {
    return new Promise((end) => this.delays.push({ milliseconds, end }));
  }

  finish(
    name: string,
    outcome: ShardOutcome | Error = { points: POINTS_PER_SHARD, failed: 0 },
  ): void {
    this.inFlight.get(name)!(outcome);
  }
}

/** Lets every promise that can go on do so. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Finishes whatever is in flight until nothing is. */
export async function finishAll(steps: FakeSteps): Promise<void> {
  await settle();
  while (steps.inFlight.size > 0) {
    for (const name of [...steps.inFlight.keys()]) steps.finish(name);
    await settle();
  }
}

export function everyShard(shardsOfRounds: readonly number[]): string[] {
  return shardsOfRounds.flatMap((shards, round) =>
    Array.from({ length: shards }, (_, shard) => `plan-${round}/${shard}`),
  );
}
