import { expect, it } from 'vitest';
import { campaign } from './campaign.js';

/** `npm run test:faults` sets them; a campaign of every quick fault otherwise. */
const seed = Number(process.env['UFM_FAULTS_SEED'] ?? 1);
const faults = Number(process.env['UFM_FAULTS'] ?? 12);
const kinds = new RegExp(process.env['UFM_FAULTS_KINDS'] ?? '');

it(`loses nothing and gets nothing wrong under ${faults} faults (seed ${seed})`, async () => {
  const isLong = faults > 100 || kinds.source !== '(?:)';
  const summary = await campaign({
    seed,
    faults,
    kinds,
    clusters: Number(process.env['UFM_FAULTS_CLUSTERS'] ?? 2),
    secondsAFault: isLong ? Infinity : 5,
    tell: (line) => {
      console.log(line);
    },
  });
  console.log(
    `${summary.tally.toString()}\n${summary.faults} faults tried in ${summary.studies} studies (seed ${seed}): points lost ${summary.lost}, ` +
      `wrong ${summary.wrong}, studies stuck ${summary.stuck}, points solved again ${summary.solvedAgain} of ${summary.points}`,
  );
  expect(summary).toMatchObject({ faults, lost: 0, wrong: 0, stuck: 0 });
}, 14_400_000);
