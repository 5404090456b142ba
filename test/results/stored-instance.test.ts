import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../results/database.js';
import { decodeColumns } from '../../results/part.js';
import { INSTANCE_COLUMNS, instanceOfRow } from '../../results/stored-instance.js';
import { canonicalInstance } from '../../study/canonical.js';
import { expandGrid } from '../../study/expand.js';
import type { Instance } from '../../study/instance.js';
import { pointKey } from '../../study/key.js';
import { studyOf } from '../study/studies.js';
import { sampleRow } from './sample-rows.js';
import { land, newStores } from './stored-study.js';

const newStore = await newStores();

const INSTANCES: readonly Partial<Instance>[] = [
  {},
  { lambdaB: null, seed: null, solver: 'exact', polish: false },
  { lambdaB: 0, form: 'per-sample', featureDimension: 3, tolerance: 1e-4 },
  { lambdaW: 0.1 + 0.2, lambdaH: 5e-324, seed: Number.MAX_SAFE_INTEGER },
  { clusters: [[1, 1e12], [2, 7], [3, 1]] }, // prettier-ignore
  {
    classWeights: [0.6, 3],
    margins: [0, 0.1 + 0.2],
    logitScales: [1, 5e-15],
    featurePenalties: [1e-12, 1],
  },
  { labelSmoothing: 0.1, labelNoise: 1 / 3, logitAdjustment: -1 },
  { clusters: [[3, 7], [2, 7], [3, 1]], margins: [2, 1, 0] }, // prettier-ignore
  { lambdaW: 0, lambdaH: 0, lambdaB: null, boundW: 1, boundH: 5, solver: 'exact', polish: false },
  { loss: 'squared-error', lambdaB: 0 },
  { features: 'nonnegative', classWeights: [1, 2] },
  { classifier: 'fixed-etf', lambdaW: 0, lambdaB: null },
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

describe('rows that versions without remedies wrote', async () => {
  const golden = 'test/golden/2026-11-30';
  const names = await readdir(`${golden}/finished/parts`);
  const parts = await Promise.all(
    names.map((name) => readFile(`${golden}/finished/parts/${name}`)),
  );
  const rows = parts.flatMap((bytes) =>
    decodeColumns(bytes, ['point_key', 'numerical_version', ...INSTANCE_COLUMNS]),
  );

  it('are of instances that have the same keys now', () => {
    expect(rows.length).toBeGreaterThan(12);
    for (const row of rows) {
      const instance = instanceOfRow(row);
      expect(Object.keys(instance)).toHaveLength(10);
      expect(pointKey(canonicalInstance(instance), row.numerical_version)).toBe(row.point_key);
    }
  });

  it('are found by the study that asked for them', async () => {
    const study = studyOf(await readFile(`${golden}/finished/studies/golden/study.yaml`, 'utf8'));
    const stored = new Set(rows.map((row) => row.point_key));
    const { numerical_version: version } = rows[0]!;
    const keys = study.grids.flatMap((grid) =>
      [...expandGrid(study, grid)].map(({ instance }) => pointKey(instance, version)),
    );
    expect(keys).toHaveLength(12);
    expect(keys.filter((key) => !stored.has(key))).toEqual([]);
  });
});
