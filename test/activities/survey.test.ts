import { describe, expect, it } from 'vitest';
import { gridPoints, survey, type Surveyed } from '../../activities/survey.js';
import { openDatabase } from '../../results/database.js';
import { parseStudy } from '../../study/parse.js';
import type { Study } from '../../study/study.js';
import { newMarkedStore, SMALL_STUDY } from './small-study.js';

/** Exact points do not know their seed, so each comes four times, and the second grid repeats some of them. */
const REPEATING = SMALL_STUDY.replace('lambda: {', 'seed: [1, 2, 3, 4]\n    lambda: {').replace(
  'solver:',
  `  - name: more
    majoritySamples: 500
    minoritySamples: 100
    lambda: {from: 0.003, to: 0.0078, points: 17}
solver:`,
);

function studyOf(text: string): Study {
  const parsed = parseStudy(text, 'study.yaml');
  if (!parsed.ok) throw new Error('no study');
  return parsed.study;
}

async function surveyed(study: Study, mostKeys?: number) {
  const database = await openDatabase(await newMarkedStore());
  const batches: Surveyed[] = [];
  const options = { again: false, signal: new AbortController().signal };
  const counts = await survey(
    gridPoints(study),
    database,
    mostKeys === undefined ? options : { ...options, mostKeys },
    (batch) => void batches.push(batch),
  );
  database.close();
  return {
    counts,
    open: batches.flatMap(({ open }) => open),
    settled: batches.flatMap(({ settled }) => settled),
  };
}

describe('a survey', () => {
  it('takes equal points for one, the first of them', async () => {
    const { counts, open, settled } = await surveyed(studyOf(REPEATING));
    expect(counts).toEqual({ points: 17, cached: 0, failed: 0 });
    expect(open).toHaveLength(17);
    expect(settled).toHaveLength(36);
    expect(open.slice(0, 9).map(({ coordinates }) => coordinates.seed)).toEqual(Array(9).fill(1));
  });

  it('of more points than the memory has keys for finds the same', async () => {
    for (const text of [REPEATING, SMALL_STUDY]) {
      const study = studyOf(text);
      expect(await surveyed(study, 4)).toEqual(await surveyed(study));
    }
  });

  it('stops in either of its passes when it is told to', async () => {
    const database = await openDatabase(await newMarkedStore());
    for (const mostKeys of [4, 4000]) {
      const signal = AbortSignal.abort(new Error('cancelled'));
      const points = gridPoints(studyOf(REPEATING));
      const running = survey(points, database, { again: false, signal, mostKeys }, () => undefined);
      await expect(running).rejects.toThrow('cancelled');
    }
    database.close();
  });
});
