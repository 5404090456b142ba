import { writeSync } from 'node:fs';
import { drawsOf } from './mutations.js';
import { TARGETS } from './targets.js';

/**
 * As a program: tries a target with the inputs of a range of trials, and writes a line for each: what came of it, in how
 * many milliseconds, and what it threw. Whoever reads can tell at which one this process has ended, if it has.
 */
const [target, seed, first, last] = process.argv.slice(2);

for (let trial = Number(first); trial < Number(last); trial++) {
  const start = performance.now();
  let outcome: string;
  try {
    outcome = await TARGETS[target!]!.try(drawsOf(Number(seed) + trial));
  } catch (error) {
    outcome = 'threw';
    process.stderr.write(`${target} ${trial}: ${String(error).slice(0, 500)}\n`);
  }
  writeSync(1, `${outcome} ${(performance.now() - start).toFixed(2)}\n`);
}
