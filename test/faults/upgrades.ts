import type { Difference } from '../changed-build.js';
import { MOUNTING, type Member } from './cluster.js';
import type { Dice } from './dice.js';
import type { Fault } from './fault.js';
import { look, solvedByAll } from './observer.js';
import { OLDER_VERSION } from './older-version.js';

const OTHER_BUNDLE = '0123456789abcdef';
/** Column of the earlier version that the program of today does not know. */
const COLUMN = 'mood';

/** An earlier version of the program has begun the study, and members go over to today's one by one. */
export const UPGRADES: readonly Fault[] = [
  upgrading('an upgrade with other workflow code', { bundle: OTHER_BUNDLE }),
  upgrading('an upgrade with another numerical version', { numericalVersion: OLDER_VERSION }),
  upgrading('an upgrade with other columns', { column: COLUMN }),
  upgrading('an upgrade with all of these', {
    ...{ bundle: OTHER_BUNDLE, numericalVersion: OLDER_VERSION, column: COLUMN },
  }),
];

function upgrading(name: string, difference: Difference): Fault {
  return {
    name,
    damages: false,
    seconds: 10,
    begunBy: { version: '0.0.1', ...difference },
    async strike(cluster, reference, dice) {
      if (cluster.isOfToday) return null;
      const solved = solvedByAll(await look(cluster, reference));
      await cluster.upgrade(shuffled(MOUNTING, dice));
      return solved;
    },
  };
}

function shuffled(members: readonly Member[], dice: Dice): Member[] {
  const left = [...members];
  return members.map(() => left.splice(dice.below(left.length), 1)[0]!);
}
