import { describe, expect, it } from 'vitest';
import type { ColumnShape } from '../../../results/arrow-values.js';
import { publishEntry } from '../../../results/catalog/entry.js';
import { COLUMNS } from '../../../results/columns.js';
import type { Column } from '../../../results/columns/column.js';
import { openDatabase } from '../../../results/database.js';
import { encodeParquet } from '../../../results/parquet.js';
import { encodePart, encodeRows } from '../../../results/part.js';
import { isPartPath, partPath, shardId, type StudyVersion } from '../../../results/paths.js';
import type { Store } from '../../../results/store.js';
import { NOTHING_FOUND } from '../../../ufm/report.js';
import { publishPlan } from '../published-plan.js';
import { sampleRow } from '../sample-rows.js';
import { land, plannedPoint } from '../stored-study.js';

const STUDY: StudyVersion = { study: 'some', specHash: 'a1' };

/** A store that says which parts are read or brought here. */
export function watched(store: Store): { readonly store: Store; readonly touched: string[] } {
  const touched: string[] = [];
  const note = (path: string): void => {
    if (isPartPath(path)) touched.push(path);
  };
  const proxy = new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...words: unknown[]): unknown => {
        if (name === 'read' || name === 'localPath') note(words[0] as string);
        return (member as (...words: unknown[]) => unknown).apply(target, words);
      };
    },
  });
  return { store: proxy, touched };
}

/** A store of somebody who may not write. */
function readOnly(store: Store): Store {
  const refuse = (): Promise<never> => Promise.reject(new Error('EROFS: read-only file system'));
  return new Proxy(store, {
    get(target, name) {
      if (['publish', 'replace', 'quarantine', 'remove'].includes(name as string)) return refuse;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

/** Everything that a store shows, in one text. */
async function shown(store: Store, study?: StudyVersion): Promise<string> {
  const database = await openDatabase(store, study);
  try {
    const rows = await database.query('SELECT * FROM landed ORDER BY point_key');
    const entries = await database.query(
      `SELECT part, row, point_key, status, solved_at, solver, form, classes, clusters, seconds FROM entries
       ORDER BY part, row`,
    );
    const [count] = await database.query('SELECT count(*) AS n FROM parts');
    return JSON.stringify({ rows, entries, count, problems: database.problems });
  } finally {
    database.close();
  }
}

const landEach = (store: Store, from: number, to: number): Promise<string[]> =>
  Promise.all(
    Array.from({ length: to - from }, (_, at) =>
      land(store, [sampleRow(from + at), sampleRow(1000 + from + at)]),
    ),
  );

/**
 * What a catalog promises, wherever it lies.
 *
 * @param open a new store, and then the same one again as another process would open it
 */
export function describeCatalog(kind: string, open: () => Promise<() => Store>): void {
  describe(`the catalog of ${kind}`, () => {
    it('has the parts of a store read once, by whoever comes first', async () => {
      const again = await open();
      await landEach(again(), 0, 40);
      const first = watched(again());
      const before = await shown(first.store);
      expect(new Set(first.touched).size).toBe(40);
      const second = watched(again());
      expect(await shown(second.store)).toBe(before);
      expect(second.touched).toEqual([]);
    });

    it('reads what is new, and no part that its solver has entered', async () => {
      const again = await open();
      await landEach(again(), 0, 40);
      await shown(again());
      const [bare] = await landEach(again(), 40, 41);
      const rows = [sampleRow(41)];
      const entered = partPath(shardId(rows.map(({ key }) => key)));
      const part = encodeRows(rows);
      await again().publish(entered, part.bytes);
      await publishEntry(again(), entered, part);
      const { store, touched } = watched(again());
      const database = await openDatabase(store);
      expect(await database.query('SELECT count(*) AS n FROM entries')).toEqual([{ n: 83 }]);
      database.close();
      expect(touched.filter((path) => path !== bare)).toEqual([entered]);
    });

    it('shows the same whatever of it is damaged or gone', async () => {
      const again = await open();
      await landEach(again(), 0, 40);
      const whole = await shown(again());
      const files = await again().list('catalog');
      expect(files.length).toBeGreaterThan(1);
      for (const path of files) {
        const bytes = (await again().read(path))!;
        const half = bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte));
        for (const spoilt of [half, bytes.slice(0, 100), new Uint8Array()]) {
          await again().replace(path, spoilt);
          expect(await shown(again()), path).toBe(whole);
        }
        await again().remove(path);
        expect(await shown(again()), path).toBe(whole);
      }
      for (const path of await again().list('catalog')) await again().remove(path);
      expect(await shown(again())).toBe(whole);
    });

    it('looks again at a part that is another one than it was', async () => {
      const again = await open();
      const parts = await landEach(again(), 0, 40);
      await shown(again());
      const [cut, exchanged, gone] = parts;
      await again().replace(cut!, (await again().read(cut!))!.slice(0, 5000));
      await again().replace(exchanged!, encodePart([sampleRow(1), sampleRow(1001), sampleRow(77)]));
      await again().remove(gone!);
      const database = await openDatabase(again());
      expect(database.parts.problems.map(({ path }) => path)).toEqual([cut]);
      expect(await database.query('SELECT count(*) AS n FROM parts')).toEqual([{ n: 77 }]);
      expect(await database.query('SELECT count(*) AS n FROM entries')).toEqual([{ n: 77 }]);
      database.close();
      await again().replace(cut!, encodePart([sampleRow(0), sampleRow(1000)]));
      const mended = await openDatabase(again());
      expect(mended.problems).toEqual([]);
      expect(await mended.query('SELECT count(*) AS n FROM landed')).toEqual([{ n: 79 }]);
      mended.close();
    });

    it('is the same for many who open a store at a time, and stays small', async () => {
      const again = await open();
      const crowd = async () => new Set(await Promise.all([1, 2, 3, 4].map(() => shown(again()))));
      for (let round = 0; round < 5; round += 1) {
        await landEach(again(), 40 * round, 40 * (round + 1));
        expect((await crowd()).size).toBe(1);
      }
      const database = await openDatabase(again());
      expect(await database.query('SELECT count(*) AS n, count(DISTINCT point_key) AS k FROM parts')).toEqual([{ n: 400, k: 400 }]); // prettier-ignore
      database.close();
      const replaced = (await again().list('catalog/replaced')).length;
      expect((await again().list('catalog/volumes')).length - replaced).toBeLessThan(10);
    });

    it('is made for one process alone where it may not be written', async () => {
      const again = await open();
      await landEach(again(), 0, 40);
      const locked = await shown(readOnly(again()));
      expect(await again().list('catalog')).toEqual([]);
      expect(locked).toBe(await shown(again()));
    });

    it('gives the study the parts with points of it, and opens no others', async () => {
      const again = await open();
      await landEach(again(), 0, 40);
      const many = Array.from({ length: 400 }, (_, index) => sampleRow(2000 + index));
      const large = await land(again(), many);
      const other = await land(again(), many.map((_, index) => sampleRow(4000 + index))); // prettier-ignore
      await shown(again());
      await publishPlan(again(), STUDY, [plannedPoint(3), plannedPoint(2003)]);
      const { store, touched } = watched(again());
      const database = await openDatabase(store, STUDY);
      const count = async (view: string) =>
        (await database.query<{ n: number }>(`SELECT count(*) AS n FROM ${view}`))[0]!.n;
      expect(await count('results')).toBe(2);
      expect(await count('parts')).toBe(402);
      expect(await count('entries')).toBe(880);
      expect(database.parts.intact).toHaveLength(42);
      database.close();
      expect(touched).not.toContain(other);
      expect(new Set(touched)).toEqual(new Set([large]));
    });

    it('breaks ties between rows of a point by part and row, packed or not', async () => {
      const again = await open();
      const failed = sampleRow(7, { solution: { ...NOTHING_FOUND, status: 'failed' } });
      await land(again(), [failed, sampleRow(8)]);
      await land(again(), [sampleRow(7), sampleRow(9)]);
      const equal = [await land(again(), [sampleRow(5), sampleRow(6)])];
      equal.push(await land(again(), [sampleRow(5), sampleRow(10)]));
      const loose = await shown(again());
      await landEach(again(), 20, 60);
      const database = await openDatabase(again());
      const superseded = await database.query<{ filename: string }>(
        'SELECT filename FROM superseded ORDER BY filename',
      );
      expect(superseded).toHaveLength(2);
      expect(superseded.map(({ filename }) => filename)).toContain(`${again().url}/${equal.sort()[1]!}`); // prettier-ignore
      const [row] = await database.query(`SELECT status FROM landed WHERE majority_samples = 507`);
      expect(row).toEqual({ status: 'certified' });
      database.close();
      expect((JSON.parse(loose) as { rows: unknown[] }).rows).toHaveLength(6);
    });

    it('packs no part of which it does not know all columns', async () => {
      const again = await open();
      const newer: readonly ColumnShape[] = [
        ...COLUMNS,
        { name: 'later', type: 'utf8', nullable: true },
      ];
      for (let index = 0; index < 40; index += 1) {
        const columns = newer.map((column) => ['of' in column ? (column as Column).of(sampleRow(index)) : 'x']); // prettier-ignore
        const path = partPath(shardId([sampleRow(index).key]));
        await again().publish(path, encodeParquet(newer, [columns]));
      }
      const database = await openDatabase(again());
      expect(await database.query('SELECT count(*) AS n, sum(rank) AS r FROM parts')).toEqual([{ n: 40, r: 80 }]); // prettier-ignore
      database.close();
      expect(await again().list('catalog/packs')).toEqual([]);
      expect(await again().list('quarantine')).toEqual([]);
    });
  });
}
