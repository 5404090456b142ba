import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../results/database.js';
import { INSTANCE_COLUMNS, instanceOfRow } from '../../results/stored-instance.js';
import type { Instance } from '../../study/instance.js';
import { pointKey } from '../../study/key.js';
import { sampleRow } from './sample-rows.js';
import { land, newStores } from './stored-study.js';

const newStore = await newStores();

const INSTANCES: readonly Partial<Instance>[] = [
  {},
  { lambdaB: null, seed: null, solver: 'exact', polish: false },
  { lambdaB: 0, form: 'per-sample', featureDimension: 3, tolerance: 1e-4 },
  { lambdaW: 0.1 + 0.2, lambdaH: 5e-324, seed: Number.MAX_SAFE_INTEGER },
  { clusters: [[1, 1e12], [2, 7], [3, 1]] }, // prettier-ignore
];

describe('the instance of a stored row', () => {
  it('is the one that was written, to the last digit and so to its key', async () => {
    const store = newStore();
    const rows = INSTANCES.map((instance, index) => sampleRow(index, { instance }));
    await land(store, rows);
    const database = await openDatabase(store);
    try {
      const read = await database.query(
        `SELECT ${INSTANCE_COLUMNS.map((name) => `"${name}"`).join(', ')} FROM landed ORDER BY point_key`,
      );
      const instances = read.map(instanceOfRow);
      expect(instances).toEqual(rows.map(({ instance }) => instance));
      expect(instances.map((instance) => pointKey(instance, 1))).toEqual(
        rows.map(({ instance }) => pointKey(instance, 1)),
      );
    } finally {
      database.close();
    }
  });
});
