// Records the golden stores of the version at hand: `node test/golden/record.mjs NAME`, after a build. They are never
// recorded again: what an older version wrote is what golden.test.ts reads.
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';

const built = (name) => import(new URL(`../../dist/${name}.js`, import.meta.url));
const { analyze } = await built('activities/analyze');
const { planRound } = await built('activities/plan');
const { solvePart } = await built('activities/solve-part');
const { solveShard } = await built('activities/solve-shard');
const { openStore } = await built('results/open-store');
const { saveStudy } = await built('results/studies');
const { referenceTo } = await built('results/study-reference');
const { specHash } = await built('study/key');
const { parseStudy } = await built('study/parse');
const { solveBatch } = await built('ufm/solve');

const name = process.argv[2];
if (name === undefined) throw new Error('say what the stores are to be called');

const text = await readFile(path.join(import.meta.dirname, 'study.yaml'), 'utf8');
const { study } = parseStudy(text, 'study.yaml');

/** Solves in this thread. The first point of all fails, so that there is one. */
class Solver {
  lanes = 1;
  #solved = 0;

  async solve(instances, signal, onEnded) {
    const solutions = await solveBatch(instances, { device: 'loops', signal, onEnded });
    const first = this.#solved;
    this.#solved += instances.length;
    return solutions.map((solution, index) =>
      first + index === 0 ? failedLike(solution) : solution,
    );
  }

  async solvePart(task, signal, onEnded) {
    const open = task.points.filter(({ key }) => !task.solved.has(key));
    const instances = open.map(({ instance }) => JSON.parse(instance));
    const solutions = await this.solve(instances, signal, onEnded);
    const provenance = { ...task.provenance, solvedAt: new Date() };
    const found = open.map(({ key }, index) => [key, { solution: solutions[index], provenance }]);
    const solved = new Map([...task.solved, ...found]);
    return solvePart({ ...task, solved }, { device: 'loops', signal });
  }
}

function failedLike(solution) {
  return { ...solution, status: 'failed', message: 'for the golden store' };
}

const worker = { identity: 'recorder', codeVersion: name };
const surroundings = {
  signal: new AbortController().signal,
  attempt: 1,
  report: () => undefined,
};

/** A study that goes on until a shard of a round is reached; to the end by default. */
async function record(which, last = { round: Number.POSITIVE_INFINITY, shard: 0 }) {
  const folder = path.join(import.meta.dirname, name, which);
  if (existsSync(folder)) throw new Error(`${folder} is there already`);
  const store = openStore(folder);
  const reference = await referenceTo(store, await saveStudy(store, study, specHash(study), text));
  const solver = new Solver();
  for (let round = 0; ; round += 1) {
    const plan = await planRound(reference, round, false, surroundings);
    if (plan.points === 0) break;
    for (let shard = 0; shard < plan.shards; shard += 1) {
      if (round === last.round && shard === last.shard) return;
      await solveShard({ reference, plan: plan.plan, shard }, solver, worker, surroundings);
    }
  }
  await analyze(reference);
  // A page of half a megabyte for people, which nothing reads.
  await rm(path.join(folder, 'studies', study.name, reference.specHash, 'analysis/report.html'));
}

await record('finished');
await record('half-done', { round: 1, shard: 1 });
