import { unlink, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../results/database.js';
import { encodePart } from '../../results/part.js';
import { partPath, plansFolder } from '../../results/paths.js';
import { encodePlan } from '../../results/plan-file.js';
import { saveStudy } from '../../results/studies.js';
import { verifyStudy } from '../../results/verify.js';
import { NOTHING_FOUND } from '../../ufm/report.js';
import { publishPages, publishPlan } from './published-plan.js';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';
import { sampleRow } from './sample-rows.js';
import { land, newStores, plannedPoint, SPEC_HASH, storeStudy, STUDY } from './stored-study.js';

const newStore = await newStores();

describe('verifying a study', () => {
  it('finds a complete study in order', async () => {
    const store = newStore();
    await storeStudy(store);
    expect(await verifyStudy(store, 'collapse')).toEqual({
      ok: true,
      study: 'collapse',
      specHash: SPEC_HASH,
      numericalVersion: NUMERICAL_VERSION,
      points: {
        expected: 10,
        present: 10,
        missing: 0,
        duplicate: 0,
        contradicting: 0,
        superseded: 0,
        older: 0,
        failed: 0,
      },
      parts: { total: 3, corrupt: [], misnamed: [] },
      plans: { total: 1, corrupt: [] },
      missing: [],
      problems: [],
    });
  });

  it('lists the points of a part that is gone', async () => {
    const store = newStore();
    const { parts } = await storeStudy(store);
    await unlink(await store.localPath(parts[2]!));
    const verification = await verifyStudy(store, 'collapse');
    expect(verification).toMatchObject({
      ok: false,
      points: { present: 8, missing: 2 },
      parts: { total: 2 },
    });
    expect(verification.missing).toEqual([
      { grid: 'ratio', coordinates: '{"majoritySamples":508}', point_key: sampleRow(8).key },
      { grid: 'ratio', coordinates: '{"majoritySamples":509}', point_key: sampleRow(9).key },
    ]);
  });

  it('names a part with a flipped bit, and misses its points', async () => {
    const store = newStore();
    const { parts } = await storeStudy(store);
    const bytes = (await store.read(parts[0]!))!;
    bytes[700]! ^= 8;
    await writeFile(await store.localPath(parts[0]!), bytes);
    expect(await verifyStudy(store, 'collapse')).toMatchObject({
      ok: false,
      points: { missing: 4 },
      parts: { total: 3, corrupt: [parts[0]] },
      problems: [{ path: parts[0], reason: 'the bytes do not match their SHA-256' }],
    });
  });

  it('reads every byte, also where size and time say that a part is as the catalog knows it', async () => {
    const store = newStore();
    const { parts, version } = await storeStudy(store);
    const file = await store.localPath(parts[0]!);
    await utimes(file, 1_700_000_000, 1_700_000_000);
    (await openDatabase(store, version)).close();
    const { version: known } = (await store.detailsOf(parts[0]!))!;
    const bytes = (await store.read(parts[0]!))!;
    bytes[700]! ^= 8;
    await writeFile(file, bytes);
    await utimes(file, 1_700_000_000, 1_700_000_000);
    expect((await store.detailsOf(parts[0]!))!.version).toBe(known);
    const database = await openDatabase(store, version);
    expect(database.problems).toEqual([]);
    database.close();
    expect(await verifyStudy(store, 'collapse')).toMatchObject({
      ok: false,
      points: { missing: 4 },
      parts: { corrupt: [parts[0]] },
    });
  });

  it('lists the first thousand points that are missing, and counts them all', async () => {
    const store = newStore();
    const version = await saveStudy(store, STUDY, SPEC_HASH, '');
    const points = Array.from({ length: 1500 }, (_, index) => plannedPoint(index));
    const some = [points.slice(700), points.slice(0, 700), points.slice(0, 10)];
    await publishPages(store, version, some.map(encodePlan)); // prettier-ignore
    const { missing, points: counts } = await verifyStudy(store, 'collapse');
    expect(counts).toMatchObject({ expected: 1500, missing: 1500, present: 0 });
    const coordinates = points.map(({ coordinates }) => JSON.stringify(coordinates)).sort();
    expect(missing.map((point) => point.coordinates)).toEqual(coordinates.slice(0, 1000));
  });

  it('names a damaged plan', async () => {
    const store = newStore();
    const { version } = await storeStudy(store);
    const [path] = (await store.list(`${plansFolder(version)}/pages`)) as [string];
    await writeFile(await store.localPath(path), 'gone');
    expect(await verifyStudy(store, 'collapse')).toMatchObject({
      ok: false,
      points: { expected: 0 },
      plans: { total: 1, corrupt: [path] },
    });
  });

  it('finds a part that was copied to another name', async () => {
    const store = newStore();
    const { parts } = await storeStudy(store);
    const copy = partPath('0'.repeat(32));
    await store.publish(copy, (await store.read(parts[0]!))!);
    expect(await verifyStudy(store, 'collapse')).toMatchObject({
      ok: false,
      points: { present: 10, missing: 0, duplicate: 0, superseded: 4 },
      parts: { total: 4, corrupt: [], misnamed: [copy] },
    });
  });

  it('counts the rows that others supersede, of retries and of studies that ran at the same time', async () => {
    const store = newStore();
    const { version } = await storeStudy(store);
    const failed = sampleRow(20, { solution: { ...NOTHING_FOUND, status: 'failed' } });
    await land(store, [failed]);
    await land(store, [sampleRow(20)], 1);
    await publishPlan(store, version, [plannedPoint(20)], { round: 1 });
    expect(await verifyStudy(store, 'collapse')).toMatchObject({
      ok: true,
      points: { duplicate: 0, superseded: 1, failed: 0 },
    });
    await land(store, [sampleRow(0), sampleRow(30)]);
    expect(await verifyStudy(store, 'collapse')).toMatchObject({
      ok: true,
      points: { duplicate: 0, superseded: 2 },
    });
  });

  it('does not find rows in order that rule each other out', async () => {
    const store = newStore();
    await storeStudy(store);
    const { solution } = sampleRow(0);
    const wrong = {
      objective: solution.lowerBound! - 1e-3,
      lowerBound: solution.lowerBound! - 2e-3,
    };
    await land(store, [sampleRow(0, { solution: { ...solution, ...wrong } }), sampleRow(30)]);
    expect(await verifyStudy(store, 'collapse')).toMatchObject({
      ok: false,
      points: { contradicting: 1, superseded: 1 },
    });
  });

  it('counts failed points as present', async () => {
    const store = newStore();
    const version = await saveStudy(store, STUDY, SPEC_HASH, '');
    await publishPlan(store, version, [plannedPoint(0)]);
    await store.publish(
      await land(store, [sampleRow(0, { solution: { ...NOTHING_FOUND, status: 'failed' } })]),
      encodePart([sampleRow(0)]),
    );
    expect(await verifyStudy(store, 'collapse')).toMatchObject({
      ok: true,
      points: { expected: 1, present: 1, missing: 0, failed: 1 },
    });
  });

  it('does not find a study in order that was never planned', async () => {
    const store = newStore();
    await saveStudy(store, STUDY, SPEC_HASH, '');
    expect(await verifyStudy(store, 'collapse')).toMatchObject({
      ok: false,
      points: { expected: 0 },
    });
  });

  it('says when there is no such study or no such version', async () => {
    const store = newStore();
    await expect(verifyStudy(store, 'none')).rejects.toThrow(/has no study none/);
    await storeStudy(store);
    await expect(verifyStudy(store, 'collapse', 'old')).rejects.toThrow(
      /no version old of the study collapse/,
    );
  });
});
