import { ufmSweep } from '../cli/command.js';
import { Cluster } from './cluster.js';
import { Deck } from './deck.js';
import { Dice } from './dice.js';
import { FAULTS } from './faults.js';
import { truthOf, type Truth } from './judge.js';
import { strikeStudy } from './strike-study.js';
import { STUDY_NAME } from './study.js';
import { NOTHING_WRONG, sumOf, Tally, type Outcome } from './tally.js';

/** Of one study. */
const MOST_FAULTS = 4;
const SEEDS = 1 << 30;

export interface CampaignOptions {
  readonly seed: number;
  /** How many faults to try. */
  readonly faults: number;
  /** How many studies are struck at the same time, each on a cluster of its own: most of a campaign is waiting. */
  readonly clusters: number;
  /** Kinds whose names do not match are left out. */
  readonly kinds: RegExp;
  /** Faults that take longer than this are left out. */
  readonly secondsAFault: number;
  readonly tell: (line: string) => void;
}

/** What a campaign came to. */
export interface Summary extends Outcome {
  readonly faults: number;
  readonly studies: number;
  readonly points: number;
  /** Points that were solved and are solved again, by the last heartbeats of those who died and by retries. */
  readonly solvedAgain: number;
  readonly tally: Tally;
}

/** Strikes study after study with faults that a seed has chosen, and judges what came of each. */
export async function campaign(options: CampaignOptions): Promise<Summary> {
  const { seed, faults, secondsAFault, tell } = options;
  const dice = new Dice(seed);
  const kinds = FAULTS.filter(
    ({ name, seconds }) => seconds <= secondsAFault && options.kinds.test(name),
  );
  const deck = new Deck(kinds, dice);
  const tally = new Tally(kinds.map(({ name }) => name));
  const sum = { faults: 0, studies: 0, points: 0, solvedAgain: 0 };
  let outcome = NOTHING_WRONG;
  let underWay = 0;
  const truth = await undisturbed();

  /** Strikes one study after the other while faults are wanted. */
  async function strikeStudies(): Promise<void> {
    let cluster = await Cluster.start();
    try {
      for (;;) {
        const wanted = Math.min(1 + dice.below(MOST_FAULTS), faults - sum.faults - underWay);
        if (wanted <= 0) return;
        const planned = Array.from({ length: wanted }, () => deck.draw());
        const own = new Dice(dice.below(SEEDS));
        const began = Date.now();
        underWay += wanted;
        const { struck, retried, solvedAgain, trouble, ...came } = await strikeStudy(cluster, planned, truth, own); // prettier-ignore
        underWay -= wanted;
        sum.faults += struck.length;
        sum.studies += 1;
        sum.points += truth.size;
        sum.solvedAgain += solvedAgain + retried;
        outcome = sumOf(outcome, came);
        tally.count(struck.map(({ name }) => name), came); // prettier-ignore
        const hits = struck.map(({ name, moment }) => `${name} (${moment})`).join(', ');
        const seconds = Math.round((Date.now() - began) / 1000);
        tell(`${sum.faults}: ${hits}: ${JSON.stringify({ ...came, retried, solvedAgain, seconds })}`); // prettier-ignore
        if (trouble === null) continue;
        tell(`${trouble}\nWhat is left of it lies in ${cluster.folder}`);
        await cluster.end();
        cluster = await Cluster.start();
      }
    } finally {
      await cluster.remove();
    }
  }

  await Promise.all(Array.from({ length: options.clusters }, strikeStudies));
  return { ...sum, ...outcome, tally };
}

async function undisturbed(): Promise<Truth> {
  const cluster = await Cluster.start();
  try {
    const store = await cluster.newStore('undisturbed');
    const words = ['run', 'study.yaml', '--store', store, '--engine', 'local'];
    const { exitCode, stderr } = await ufmSweep(words, { cwd: cluster.folder });
    if (exitCode !== 0) throw new Error(`the undisturbed run ended with ${exitCode}: ${stderr}`);
    cluster.storeFolder = store;
    return await truthOf(cluster.store, STUDY_NAME);
  } finally {
    await cluster.remove();
  }
}
