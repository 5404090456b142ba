import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { planRound } from '../../activities/plan.js';
import { openDatabase } from '../../results/database.js';
import { verifyStudy } from '../../results/verify.js';
import type { StudyReference } from '../../study/orchestration.js';
import { newStore, saveText, SMALL_STUDY, surroundings } from '../activities/small-study.js';
import { projectFile } from './command.js';

/** 40 exact points in shards of 7; 30 of them are those of the other study. */
const FIRST = SMALL_STUDY.replace('shardSize: 4', 'shardSize: 7')
  .replace('majoritySamples: 500', 'majoritySamples: {from: 301, to: 340, step: 1}')
  .replace('{from: 0.003, to: 0.0078, points: 9}', '0.005');
/** 40 exact points in shards of 6, so that no shard is one of the first study. */
const SECOND = FIRST.replace('shardSize: 7', 'shardSize: 6')
  .replace('name: small', 'name: second')
  .replace('{from: 301, to: 340', '{from: 311, to: 350');

/** A process that solves a plan once it is told to. */
async function processFor(reference: StudyReference) {
  const { plan, shards } = await planRound(reference, 0, false, surroundings());
  const program = spawn(
    process.execPath,
    [projectFile('test/cli/solve-planned.mjs'), JSON.stringify({ reference, plan, shards })],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  await once(program.stdout, 'data');
  const exit = once(program, 'exit');
  return {
    async solve(): Promise<void> {
      program.stdin.end();
      expect(await exit).toEqual([0, null]);
    },
  };
}

describe('two processes on one store', () => {
  it('leave one row that counts of every point that both studies have', async () => {
    const store = await newStore();
    const references = [await saveText(store, FIRST), await saveText(store, SECOND)];
    // Both are planned before either solves, so that neither can know what the other will.
    const processes = [await processFor(references[0]!), await processFor(references[1]!)];
    await Promise.all(processes.map((each) => each.solve()));

    for (const { study } of references) {
      expect(await verifyStudy(store, study)).toMatchObject({
        ok: true,
        points: { expected: 40, present: 40, duplicate: 0, contradicting: 0, superseded: 30 },
      });
    }
    const [ofStudy, ofStore] = [
      await openDatabase(store, references[0]),
      await openDatabase(store),
    ];
    try {
      expect(await ofStudy.query('SELECT count(*) AS results FROM results')).toEqual([
        { results: 40 },
      ]);
      const counts = await ofStore.query(
        `SELECT (SELECT count(*) FROM landed) AS landed, (SELECT count(DISTINCT point_key) FROM landed) AS points,
           (SELECT count(*) FROM parts) AS rows`,
      );
      expect(counts).toEqual([{ landed: 50, points: 50, rows: 80 }]);
    } finally {
      ofStudy.close();
      ofStore.close();
    }
    for (const reference of references) {
      expect(await planRound(reference, 0, false, surroundings())).toMatchObject({
        shards: 0,
        cached: 40,
      });
    }
  });

  it('that run the same study leave one part of each shard', async () => {
    const store = await newStore();
    const reference = await saveText(store, FIRST);
    const processes = [await processFor(reference), await processFor(reference)];
    await Promise.all(processes.map((each) => each.solve()));
    expect(await store.list('parts')).toHaveLength(6);
    expect(await verifyStudy(store, 'small')).toMatchObject({
      ok: true,
      points: { expected: 40, present: 40, superseded: 0 },
    });
  });
});
