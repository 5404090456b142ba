import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Instance } from '../../study/instance.js';
import { balance, rowCount } from '../../ufm/first-order/balance.js';
import { layOut } from '../../ufm/first-order/layout.js';
import { randomStart } from '../../ufm/first-order/start.js';

/** Writes instances, with the random starts of the tensor solver, as the peers read them; returns the file's path. */
export function writeWorkload(instances: readonly Instance[], folder: string): string {
  const starts = path.join(folder, 'starts.f64');
  const file = path.join(folder, 'workload.json');
  const factors = instances.map(startingFactors);
  let start = 0;
  const records = instances.map((instance, i) => {
    const record = {
      counts: instance.clusters.flatMap(([size, count]) => Array<number>(size).fill(count)),
      lambda_w: instance.lambdaW,
      lambda_h: instance.lambdaH,
      lambda_b: instance.lambdaB,
      features: instance.featureDimension,
      rows: rowCount(instance),
      start,
    };
    start += factors[i]!.length;
    return record;
  });
  writeFileSync(starts, Buffer.concat(factors.map(({ buffer }) => Buffer.from(buffer))));
  writeFileSync(file, JSON.stringify({ starts, instances: records }));
  return file;
}

/** W (K x d) and the rows of H (R x d) in the instance's own variables, where the tensor solver starts from its seed. */
function startingFactors(instance: Instance): Float64Array<ArrayBuffer> {
  const problem = balance(instance);
  const { classes, features, rows, scaleOfW } = problem;
  const layout = layOut(problem);
  const vector = randomStart(problem, instance.seed!);
  const factors = new Float64Array((classes + rows) * features);
  for (let i = 0; i < classes; i++) {
    for (let t = 0; t < features; t++)
      factors[i * features + t] = scaleOfW * vector[t * classes + i]!;
  }
  const scaleOfRow = problem.rowsOfClass.flatMap((count, k) =>
    Array<number>(count).fill(problem.scaleOfClass[k]! / scaleOfW),
  );
  scaleOfRow.forEach((scale, row) => {
    for (let t = 0; t < features; t++) {
      const place = row * features + t;
      factors[classes * features + place] = scale * vector[layout.featureOffset + place]!;
    }
  });
  return factors;
}
