import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OtherNumericalVersion } from '../../activities/failures.js';
import { planRound } from '../../activities/plan.js';
import type { ShardJob } from '../../activities/planned-shard.js';
import { solveShard } from '../../activities/solve-shard.js';
import type { Solver } from '../../activities/solver.js';
import type { ColumnShape } from '../../results/arrow-values.js';
import { COLUMNS, type ColumnName } from '../../results/columns.js';
import { encodeParquet } from '../../results/parquet.js';
import { decodePart } from '../../results/part.js';
import { partPath, shardId } from '../../results/paths.js';
import { encodePlan } from '../../results/plan-file.js';
import { MARKER_PATH } from '../../results/store-identity.js';
import type { Store } from '../../results/store.js';
import { pointKey } from '../../study/key.js';
import type { Solution } from '../../ufm/solution.js';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { pagesOf, plannedPoints, publishPages } from '../results/published-plan.js';
import {
  InlineSolver,
  newStore,
  saveText,
  SMALL_STUDY,
  surroundings,
  worker,
} from './small-study.js';

/** Nine points in one shard. */
const ONE_SHARD = SMALL_STUDY.replace('shardSize: 4\n', '');

async function newJob(): Promise<{ store: Store; job: ShardJob }> {
  const store = await newStore();
  const reference = await saveText(store, ONE_SHARD);
  const { plan } = await planRound(reference, 0, false, surroundings());
  return { store, job: { reference, plan, shard: 0 } };
}

const solve = (job: ShardJob, solver: Solver, signal?: AbortSignal) =>
  solveShard(job, solver, worker, surroundings(signal));

/** A solver for which every point takes a second of the clock, which does not run otherwise. */
class SlowSolver extends InlineSolver {
  readonly #piecesUntilDeath: number;
  #pieces = 0;
  #seconds = 0;

  constructor(piecesUntilDeath = Infinity) {
    super(1, (solution) => ({ ...solution, seconds: 1 }));
    this.#piecesUntilDeath = piecesUntilDeath;
    vi.spyOn(performance, 'now').mockImplementation(() => this.#seconds * 1000);
  }

  override async solve(...task: Parameters<InlineSolver['solve']>) {
    if (this.#pieces === this.#piecesUntilDeath) throw new Error('the worker has died');
    this.#pieces += 1;
    this.#seconds += task[0].length;
    return super.solve(...task);
  }
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('solving a shard', () => {
  it('lands one part with a certified row a point', async () => {
    const { store, job } = await newJob();
    expect(await solve(job, new InlineSolver())).toEqual({ points: 9, failed: 0 });
    const parts = await store.list('parts');
    expect(parts).toHaveLength(1);
    const rows = decodePart((await store.read(parts[0]!))!);
    const points = await plannedPoints(store, job.reference, job.plan);
    expect(rows.map(({ point_key }) => point_key)).toEqual(points.map(({ key }) => key));
    expect(rows.every(({ status }) => status === 'certified')).toBe(true);
    expect(rows[0]).toMatchObject({ worker: 'tester@here', code_version: '0.0.0', attempt: 1 });
  });

  it.each([
    ['uncertified', { relativeGap: Infinity }, 0],
    ['diverged', { objective: NaN }, 1],
    ['failed', { cosW: 7 as never }, 1],
  ] as const)(
    'lands the row of a point that is %s, and those of its neighbours',
    async (status, change, failed) => {
      const { store, job } = await newJob();
      const spoil = (solution: Solution, index: number) =>
        index === 2 ? { ...solution, ...change } : solution;
      expect(await solve(job, new InlineSolver(1, spoil))).toEqual({ points: 9, failed });
      const [part] = await store.list('parts');
      const rows = decodePart((await store.read(part!))!);
      expect(rows.map((row) => row.status)).toEqual(
        rows.map((_, index) => (index === 2 ? status : 'certified')),
      );
      expect(rows[2]!.message).not.toBeNull();
    },
  );

  it('does nothing when its part has landed', async () => {
    const { job } = await newJob();
    await solve(job, new InlineSolver());
    const idle = new InlineSolver();
    expect(await solve(job, idle)).toEqual({ points: 9, failed: 0 });
    expect(idle.asked).toHaveLength(0);
  });

  it('leaves a plan of another numerical version to others, and says which this one is', async () => {
    const { store, job } = await newJob();
    const points = await plannedPoints(store, job.reference, job.plan);
    const older = points.map((point) => ({
      ...point,
      key: pointKey(point.instance, NUMERICAL_VERSION - 1),
    }));
    const numericalVersion = NUMERICAL_VERSION - 1;
    const pages = [encodePlan(older)];
    const { manifest: plan } = await publishPages(store, job.reference, pages, { shards: 1, numericalVersion }); // prettier-ignore
    const idle = new InlineSolver();
    await expect(solve({ ...job, plan }, idle)).rejects.toThrow(OtherNumericalVersion);
    await expect(solve({ ...job, plan }, idle)).rejects.toThrow(
      `numerical version ${NUMERICAL_VERSION}) does not solve what another version has planned`,
    );
    expect(idle.asked).toHaveLength(0);
    expect(await store.list('parts')).toEqual([]);
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['emptied', () => Buffer.alloc(0)],
    [
      'changed in a bit',
      (bytes: Buffer) => {
        bytes[bytes.length >> 1]! ^= 4;
        return bytes;
      },
    ],
  ])('solves nothing by a page of a plan that was %s, and says so', async (_, damaged) => {
    const { store, job } = await newJob();
    const [path] = await pagesOf(store, job.reference, job.plan);
    const page = await store.localPath(path!);
    await writeFile(page, damaged(await readFile(page)));
    const idle = new InlineSolver();
    expect(await solve(job, idle)).toEqual({ points: 0, failed: 0, planDamaged: true });
    expect(idle.asked).toHaveLength(0);
    expect(await store.list('parts')).toEqual([]);
  });

  it('does not take the part of other points for its own', async () => {
    const { store, job } = await newJob();
    const other = await saveText(store, ONE_SHARD.replace('points: 9', 'points: 3'));
    const { plan } = await planRound(other, 0, false, surroundings());
    await solve({ reference: other, plan, shard: 0 }, new InlineSolver());
    const [theirs] = await store.list('parts');
    const points = await plannedPoints(store, job.reference, job.plan);
    const path = partPath(shardId(points.map(({ key }) => key)));
    await store.publish(path, (await store.read(theirs!))!);
    expect(await solve(job, new InlineSolver())).toEqual({ points: 9, failed: 0 });
    expect(decodePart((await store.read(path))!)).toHaveLength(9);
    expect(await store.list('quarantine')).toHaveLength(1);
  });

  it('takes the part of a version with more columns for its own, and leaves one that it cannot read where it is', async () => {
    const { store, job } = await newJob();
    await solve(job, new InlineSolver());
    const [path] = await store.list('parts');
    const rows = decodePart((await store.read(path!))!);
    const publishWith = async (columns: readonly ColumnShape[]) => {
      await store.remove(path!);
      const values = columns.map(({ name }) => rows.map((row) => row[name as ColumnName] ?? null));
      await store.publish(path!, encodeParquet(columns, [values]));
    };
    await publishWith([{ name: 'later', type: 'utf8', nullable: true }, ...COLUMNS]);
    const idle = new InlineSolver();
    expect(await solve(job, idle)).toEqual({ points: 9, failed: 0 });
    expect(idle.asked).toHaveLength(0);

    await publishWith(COLUMNS.filter(({ name }) => name !== 'status'));
    expect(await solve(job, new InlineSolver())).toEqual({ points: 9, failed: 0 });
    expect(await store.list('parts')).toEqual([path!.replace('.', '-1.'), path]);
    expect(await store.list('quarantine')).toEqual([]);
  });

  it('publishes its part over one that another has damaged while it was solving', async () => {
    const { store, job } = await newJob();
    const points = await plannedPoints(store, job.reference, job.plan);
    const path = partPath(shardId(points.map(({ key }) => key)));
    const solver = new InlineSolver();
    const solvePart = solver.solvePart.bind(solver);
    solver.solvePart = async (...task) => {
      await store.publish(path, Buffer.from('half a part'));
      return solvePart(...task);
    };
    expect(await solve(job, solver)).toEqual({ points: 9, failed: 0 });
    expect(decodePart((await store.read(path))!)).toHaveLength(9);
    expect(await store.list('quarantine')).toHaveLength(1);
  });

  it('sets a damaged part aside and solves the shard again', async () => {
    const { store, job } = await newJob();
    await solve(job, new InlineSolver());
    const [part] = await store.list('parts');
    const bytes = (await store.read(part!))!;
    await writeFile(await store.localPath(part!), bytes.subarray(0, bytes.length - 1));
    const solver = new InlineSolver();
    await solve(job, solver);
    expect(solver.asked).toHaveLength(9);
    expect(decodePart((await store.read(part!))!)).toHaveLength(9);
    expect(await store.list('quarantine')).toHaveLength(1);
  });

  it('tells how many points failed, and mends them in a part of its own when it is asked again', async () => {
    const { store, job } = await newJob();
    const failing = new InlineSolver(1, (solution, index) =>
      index === 4 ? { ...solution, status: 'diverged', objective: NaN } : solution,
    );
    expect(await solve(job, failing)).toEqual({ points: 9, failed: 1 });
    expect(await solve(job, new InlineSolver())).toEqual({ points: 9, failed: 0 });
    expect(await store.list('parts')).toHaveLength(2);
  });

  it('adds no part where the same points fail again, and one where a point ends better', async () => {
    const { store, job } = await newJob();
    const ending = (status: 'failed' | 'diverged') =>
      new InlineSolver(1, (solution, index) =>
        index === 4 ? { ...solution, status, objective: NaN, message: 'for the test' } : solution,
      );
    await solve(job, ending('failed'));
    const [first] = await store.list('parts');
    for (let retry = 0; retry < 3; retry += 1) {
      expect(await solve(job, ending('failed'))).toEqual({ points: 9, failed: 1 });
    }
    expect(await store.list('parts')).toEqual([first]);
    expect(await solve(job, ending('diverged'))).toEqual({ points: 9, failed: 1 });
    expect(await store.list('parts')).toHaveLength(2);
    expect(await solve(job, ending('failed'))).toEqual({ points: 9, failed: 1 });
    expect(await store.list('parts')).toHaveLength(2);
    expect(await solve(job, new InlineSolver())).toEqual({ points: 9, failed: 0 });
    expect(await store.list('parts')).toHaveLength(3);
  });

  it('spreads the points over the lanes of its solver, each point once', async () => {
    const { job } = await newJob();
    const solver = new InlineSolver(3);
    expect(await solve(job, solver)).toEqual({ points: 9, failed: 0 });
    expect(new Set(solver.asked.map(({ lambdaW }) => lambdaW)).size).toBe(9);
    expect(solver.asked).toHaveLength(9);
  });

  it.each([
    ['whose manifest is not there', (job: ShardJob) => job.plan.replace(/\w{32}/, 'a'.repeat(32))],
    ['of an early version of this program', () => 'studies/small/abc/plans/0123456789abcdef'],
    ['that is none', () => MARKER_PATH],
    ['without a name', () => ''],
  ])('solves nothing by a plan %s, and has it planned again', async (_, planOf) => {
    const { store, job } = await newJob();
    const idle = new InlineSolver();
    const planned = { points: 0, failed: 0, planDamaged: true };
    expect(await solve({ ...job, plan: planOf(job) }, idle)).toEqual(planned);
    expect(await solve({ ...job, shard: 1 }, idle)).toEqual(planned);
    expect(idle.asked).toHaveLength(0);
    expect(await store.list('parts')).toEqual([]);
  });

  it('solves nothing by a page that another one was put in place of, or that is gone', async () => {
    const { store, job } = await newJob();
    const [page] = await pagesOf(store, job.reference, job.plan);
    const file = await store.localPath(page!);
    const points = await plannedPoints(store, job.reference, job.plan);
    await writeFile(file, encodePlan(points.slice(1)));
    const idle = new InlineSolver();
    expect(await solve(job, idle)).toMatchObject({ planDamaged: true });
    await rm(file);
    expect(await solve(job, idle)).toMatchObject({ planDamaged: true });
    expect(idle.asked).toHaveLength(0);
  });

  it('rejects with the reason when it is aborted, and lands nothing', async () => {
    const { store, job } = await newJob();
    const reason = new Error('cancelled');
    await expect(solve(job, new InlineSolver(), AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(await store.list('parts')).toEqual([]);
  });
});

describe('solving a shard that takes long', () => {
  it('goes on from its pieces when the worker before died', async () => {
    const { store, job } = await newJob();
    const dying = new SlowSolver(3);
    await expect(solve(job, dying)).rejects.toThrow('the worker has died');
    // Four points, then two in each piece, as long as a piece should take.
    expect(dying.asked).toHaveLength(8);
    const published = await store.list(`studies/small/${job.reference.specHash}/pieces`);
    expect(published).toHaveLength(3);

    const next = new SlowSolver();
    expect(await solve(job, next)).toEqual({ points: 9, failed: 0 });
    expect(next.asked).toHaveLength(1);
    const [part] = await store.list('parts');
    expect(decodePart((await store.read(part!))!)).toHaveLength(9);
    expect(await store.list(`studies/small/${job.reference.specHash}/pieces`)).toEqual([]);
  });

  it('says of each row who has solved it, also where somebody else has finished the shard', async () => {
    const { store, job } = await newJob();
    const first = { identity: 'first@there', codeVersion: '0.0.0' };
    await expect(solveShard(job, new SlowSolver(3), first, surroundings())).rejects.toThrow();
    await solveShard(job, new SlowSolver(), worker, { ...surroundings(), attempt: 2 });
    const [part] = await store.list('parts');
    const rows = decodePart((await store.read(part!))!);
    const by = (name: string) => rows.filter((row) => row.worker === name);
    expect(by('first@there').map(({ attempt }) => attempt)).toEqual(Array(8).fill(1));
    expect(by('tester@here').map(({ attempt }) => attempt)).toEqual([2]);
    const times = rows.map(({ solved_at }) => Number(solved_at));
    expect(Math.max(...times.slice(0, 8))).toBeLessThanOrEqual(times[8]!);
  });

  it('writes the same rows as a shard that was solved at once, but for who solved them', async () => {
    const { store, job } = await newJob();
    await expect(solve(job, new SlowSolver(2))).rejects.toThrow();
    await solve(job, new SlowSolver());
    vi.restoreAllMocks();
    const other = await newJob();
    await solve(other.job, new InlineSolver());
    const rowsOf = async (from: Store) =>
      decodePart((await from.read((await from.list('parts'))[0]!))!).map((row) => ({
        ...row,
        seconds: 0,
        solved_at: 0,
      }));
    expect(await rowsOf(store)).toEqual(await rowsOf(other.store));
  });

  it('solves again what a damaged piece held', async () => {
    const { store, job } = await newJob();
    await expect(solve(job, new SlowSolver(2))).rejects.toThrow();
    const [piece] = await store.list(`studies/small/${job.reference.specHash}/pieces`);
    await writeFile(await store.localPath(piece!), 'nonsense');
    const next = new SlowSolver();
    expect(await solve(job, next)).toEqual({ points: 9, failed: 0 });
    expect(next.asked).toHaveLength(7);
    expect(await store.list('quarantine')).toHaveLength(1);
  });

  it('publishes no pieces of a shard that is done in a moment', async () => {
    const { store, job } = await newJob();
    await solve(job, new InlineSolver());
    expect(await store.list(`studies/small/${job.reference.specHash}/pieces`)).toEqual([]);
  });
});
