import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { vi } from 'vitest';
import { BALLAST, fillDisk, isSmallDisk } from '../small-disk.js';
import { MOUNTING, type Member } from './cluster.js';
import type { Dice } from './dice.js';
import { PAST_HEARTBEAT_MS, SOLVERS, type Fault } from './fault.js';
import { look, solvedByAll } from './observer.js';

/** Longer than a step is tried again anywhere without anybody waiting for what it needs. */
const TEN_MINUTES_MS = 600_000;

/** What the study needs, and has not for a while. */
export const OUTAGES: readonly Fault[] = [
  unmounting('a solver loses its mount', PAST_HEARTBEAT_MS, (dice) => [dice.of(SOLVERS)]),
  unmounting('the orchestrator loses its mount', PAST_HEARTBEAT_MS, () => ['orchestrator']),
  unmounting('the store is away', PAST_HEARTBEAT_MS, () => MOUNTING),
  unmounting('the store is away for ten minutes', TEN_MINUTES_MS, () => MOUNTING),
  {
    name: 'the disk is full',
    damages: false,
    seconds: 5,
    async strike(cluster, reference) {
      if (!(await isSmallDisk(cluster.storeFolder))) return null;
      const ballast = path.join(cluster.storeFolder, BALLAST);
      await fillDisk(ballast);
      const complains = async (): Promise<boolean> =>
        !cluster.runs('client') ||
        (await look(cluster, reference)).troubles.some((text) => text.includes('ENOSPC'));
      await vi
        .waitUntil(complains, { timeout: PAST_HEARTBEAT_MS, interval: 100 })
        .catch(() => undefined);
      await rm(ballast);
      return 0;
    },
  },
];

/** What was being solved is lost where it cannot be published. */
function unmounting(
  name: string,
  milliseconds: number,
  choose: (dice: Dice) => readonly Member[],
): Fault {
  return {
    name,
    damages: false,
    seconds: milliseconds / 1000,
    async strike(cluster, reference, dice) {
      const victims = choose(dice);
      const solved = solvedByAll(await look(cluster, reference));
      for (const member of victims) await cluster.unmount(member);
      await delay(milliseconds);
      for (const member of victims) await cluster.mount(member);
      return solved;
    },
  };
}
