// As a program, `node solve-planned.mjs JOB`: says that it is ready, waits for its standard input to end, and solves the
// shards of a plan one after the other in a process of its own. JOB is JSON: {reference, plan, shards}.
import { once } from 'node:events';

const built = (name) => import(new URL(`../../dist/${name}.js`, import.meta.url));
const { solveShard } = await built('activities/solve-shard');
const { SolverPool } = await built('workers/threads/solver-pool');

const { reference, plan, shards } = JSON.parse(process.argv[2]);
const pool = await SolverPool.start(1, { device: 'auto' });
const worker = { identity: `${process.pid}@test`, codeVersion: '0.0.0' };
const signal = new AbortController().signal;
console.log('ready');
await once(process.stdin.resume(), 'end');
for (let shard = 0; shard < shards; shard += 1) {
  const surroundings = { signal, attempt: 1, report: () => undefined };
  await solveShard({ reference, plan, shard }, pool, worker, surroundings);
}
await pool.close();
