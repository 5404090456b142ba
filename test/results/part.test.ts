import { describe, expect, it } from 'vitest';
import type { ColumnShape } from '../../results/arrow-values.js';
import { COLUMNS } from '../../results/columns.js';
import { damage, DamagedFileError, OtherColumnsError } from '../../results/checksum.js';
import { decodeColumns, decodePart, encodePart } from '../../results/part.js';
import { decodeParquet, encodeParquet } from '../../results/parquet.js';
import { encodePlan } from '../../results/plan-file.js';
import { NOTHING_FOUND } from '../../ufm/report.js';
import { withEveryNumber } from '../ufm/every-number.js';
import { sampleRow } from './sample-rows.js';

describe('a part', () => {
  it('gives back every column of every row', () => {
    const rows = [0, 1, 2].map((index) => sampleRow(index));
    const expected = rows.map((row) =>
      Object.fromEntries(COLUMNS.map((column) => [column.name, column.of(row)])),
    );
    expect(decodePart(encodePart(rows))).toEqual(expected);
  });

  it('shows what was asked in plain numbers', () => {
    const [row] = decodePart(encodePart([sampleRow(4)]));
    expect(row).toMatchObject({
      classes: 10,
      cluster_classes: [3, 7],
      cluster_samples: [504, 100],
      samples_total: 2212,
      imbalance_ratio: 5.04,
      lambda_b: 0.02,
      has_bias: true,
      seed: 4,
    });
    expect(row!.lambda).toBeCloseTo(0.006, 15);
    expect(row!.threshold_theory).toBeCloseTo(10 / 2212, 15);
    expect(row!.lambda_over_threshold).toBeCloseTo((0.006 * 2212) / 10, 12);
  });

  it('takes the scalars of the majority and the minority from the first and the last cluster', () => {
    const [row] = decodePart(encodePart([sampleRow(0)]));
    expect(row).toMatchObject({
      majority_collapsed: false,
      minority_collapsed: true,
      cos_w: [-0.5, 0.25, 0.25, -0.25],
      cos_w_majority: -0.5,
      cos_w_across: 0.25,
      cos_w_minority: -0.25,
    });
  });

  it('has nulls where one cluster, classes alone and a model without a bias leave nothing to say', () => {
    const balanced = sampleRow(0, { instance: { clusters: [[10, 50]], lambdaB: null } });
    const tail = sampleRow(1, { instance: { clusters: [[2, 9], [1, 3]] } }); // prettier-ignore
    const rows = decodePart(encodePart([balanced, tail]));
    expect(rows[0]).toMatchObject({
      cos_z_across: null,
      lambda_b: null,
      has_bias: false,
      imbalance_ratio: 1,
    });
    expect(rows[1]).toMatchObject({
      contrasts: [0, null],
      collapsed: [false, null],
      minority_collapsed: null,
      cos_h: [-0.5, 0.25, 0.25, null],
      threshold_theory: null,
      lambda_over_threshold: null,
    });
  });

  it('holds failed points, which have a status and a message but no solution', () => {
    const solution = {
      ...NOTHING_FOUND,
      status: 'failed',
      message: 'no memory — ran out',
    } as const;
    const [row] = decodePart(encodePart([sampleRow(0, { solution })]));
    expect(row).toMatchObject({
      status: 'failed',
      message: 'no memory — ran out',
      objective: null,
      cos_w: null,
    });
  });

  it.each([NaN, Infinity, -Infinity])(
    'has a null and a reason for %d in any field of a solution, and healthy neighbours',
    (odd) => {
      const healthy = [sampleRow(0), sampleRow(2)];
      const whole = decodePart(encodePart(healthy));
      const { solution } = sampleRow(1, { solution: { relativeGapBeforePolish: 1e-5 } });
      for (const [name, spoilt] of withEveryNumber(solution, odd)) {
        const between = sampleRow(1, { solution: spoilt });
        const [first, row, last] = decodePart(encodePart([healthy[0]!, between, healthy[1]!]));
        expect([first, last], name).toEqual(whole);
        expect(row!.point_key).toBe(between.key);
        expect(row!.message, name).toContain(`${name} (${odd})`);
        expect(JSON.parse(JSON.stringify(row)), name).toEqual(plain(row!));
      }
    },
  );

  it('has a null and a reason for a number that its column cannot hold', () => {
    const solution = { rank: 2.5, message: 'Odd.' };
    const [row] = decodePart(encodePart([sampleRow(0, { solution })]));
    expect(row).toMatchObject({
      rank: null,
      status: 'certified',
      message: 'Odd. What no column may hold is left out: rank (2.5).',
    });
  });

  it.each([
    [{ iterations: 1e12 }, /iterations is 1000000000000, which its column cannot hold/],
    [{ cosW: 7 as never }, /cannot be stored: /],
  ] as const)('has a failed row of a point that cannot be stored: %o', (solution, message) => {
    const rows = [sampleRow(0), sampleRow(3, { solution }), sampleRow(2)];
    const [first, failed, last] = decodePart(encodePart(rows));
    expect(failed).toMatchObject({ status: 'failed', objective: null, classes: 10 });
    expect(failed!.message).toMatch(message);
    expect([first, last]).toEqual(decodePart(encodePart([rows[0]!, rows[2]!])));
  });

  it('refuses to be empty', () => {
    expect(() => encodePart([])).toThrow(/at least one row/);
  });

  it('has equal bytes for equal rows', () => {
    const parts = Array.from({ length: 5 }, () => encodePart([sampleRow(1), sampleRow(2)]));
    expect(new Set(parts.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(1);
  });

  it('reads single columns', () => {
    const bytes = encodePart([sampleRow(0), sampleRow(1)]);
    expect(decodeColumns(bytes, ['status', 'objective'])).toEqual([
      { status: 'certified', objective: 2 },
      { status: 'certified', objective: 2 + 1 / 7 },
    ]);
  });

  it('refuses to be read when a byte is not as it was written', () => {
    const bytes = encodePart([sampleRow(0)]);
    bytes[bytes.length >> 1]! ^= 4;
    expect(() => decodePart(bytes)).toThrow(DamagedFileError);
  });

  it('refuses to be read when its columns are not those of a part', () => {
    expect(() => decodePart(encodePlan([]))).toThrow(/columns are those of another version/);
  });

  it('is read with nulls where an older version had no column, and without what a newer one has added', () => {
    const row = sampleRow(0);
    const values = (column: (typeof COLUMNS)[number]) => [column.of(row)];
    const older = COLUMNS.filter(({ name }) => name !== 'rank');
    const newer = { name: 'later', type: 'list<float64>', nullable: true } as const;
    const whole = decodePart(encodePart([row]));
    expect(decodePart(encodeParquet(older, [older.map(values)]))).toEqual([
      { ...whole[0], rank: null },
    ]);
    const more = encodeParquet([newer, ...COLUMNS], [[[[1, null]], ...COLUMNS.map(values)]]);
    expect(decodePart(more)).toEqual(whole);
    expect(decodeColumns(encodeParquet(older, [older.map(values)]), ['rank'])).toEqual([
      { rank: null },
    ]);
  });

  it.each([
    ['lacks what no row may lack', COLUMNS.filter(({ name }) => name !== 'status')],
    [
      'has a column of another type',
      COLUMNS.map((column) => (column.name === 'rank' ? { ...column, type: 'utf8' } : column)),
    ],
    [
      'may lack what no row may lack',
      COLUMNS.map((column) => (column.name === 'classes' ? { ...column, nullable: true } : column)),
    ],
  ] as const)('is another version’s, and not damaged, where it %s', (_, columns) => {
    const shapes = columns as readonly ColumnShape[];
    const bytes = encodeParquet(shapes, []);
    expect(() => decodePart(bytes)).toThrow(OtherColumnsError);
    expect(damage(bytes)).toBeNull();
  });

  it('is damaged where an instant in it is beyond all years, however well it is sealed', () => {
    const shapes = [{ name: 'solved_at', type: 'timestamp', nullable: false }] as const;
    const beyond = { getTime: () => 9.1e15 } as Date;
    expect(() => decodeParquet(encodeParquet(shapes, [[[beyond]]]), shapes)).toThrow(
      DamagedFileError,
    );
  });
});

/** As JSON has it: dates are text. */
function plain(row: object): unknown {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Date ? value.toISOString() : (value as unknown),
    ]),
  );
}
