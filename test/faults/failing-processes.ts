import { setTimeout as delay } from 'node:timers/promises';
import { MEMBERS, type Member } from './cluster.js';
import type { Dice } from './dice.js';
import { PAST_HEARTBEAT_MS, SOLVERS, type Fault } from './fault.js';
import { look } from './observer.js';

/** Longer than any call of a worker or a client to the server lasts; the long poll takes a minute. */
const PAST_EVERY_CALL_MS = 75_000;

/** Processes that die, or stand still. */
export const FAILING_PROCESSES: readonly Fault[] = [
  killing('a solver is killed', (dice) => [dice.of(SOLVERS)]),
  killing('both solvers are killed', () => SOLVERS),
  killing('the orchestrator is killed', () => ['orchestrator']),
  killing('the server is killed', () => ['server']),
  killing('the client is killed', () => ['client']),
  killing('all are killed', () => MEMBERS),
  away('the server is away for longer than a heartbeat', PAST_HEARTBEAT_MS),
  away('the server is away for longer than every call', PAST_EVERY_CALL_MS),
  stopping('a solver stands still', (dice) => dice.of(SOLVERS)),
  stopping('the orchestrator stands still', () => 'orchestrator'),
];

function killing(name: string, choose: (dice: Dice) => readonly Member[]): Fault {
  return {
    name,
    damages: false,
    seconds: 1,
    async strike(cluster, reference, dice) {
      const victims = choose(dice);
      const { solvedInFlight } = await look(cluster, reference);
      const lost = victims.map((member) => solvedInFlight.get(cluster.pid(member)) ?? 0);
      await cluster.kill(...victims);
      await cluster.startAll();
      if (victims.includes('client')) await cluster.start('client');
      return lost.reduce((sum, points) => sum + points, 0);
    },
  };
}

function away(name: string, milliseconds: number): Fault {
  return {
    name,
    damages: false,
    seconds: milliseconds / 1000,
    async strike(cluster) {
      await cluster.kill('server');
      await delay(milliseconds);
      await cluster.startAll();
      return 0;
    },
  };
}

function stopping(name: string, choose: (dice: Dice) => Member): Fault {
  return {
    name,
    damages: false,
    seconds: PAST_HEARTBEAT_MS / 1000,
    async strike(cluster, reference, dice) {
      const victim = choose(dice);
      const { solvedInFlight } = await look(cluster, reference);
      cluster.signal(victim, 'SIGSTOP');
      await delay(PAST_HEARTBEAT_MS);
      cluster.signal(victim, 'SIGCONT');
      return solvedInFlight.get(cluster.pid(victim)) ?? 0;
    },
  };
}
