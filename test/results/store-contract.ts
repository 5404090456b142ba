import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { claimStore, NotAStore } from '../../results/store-identity.js';
import type { Store } from '../../results/store.js';

const text = (value: string) => Buffer.from(value);

/**
 * What every store promises, whatever it is made of.
 *
 * @param openTwice Two stores on the same new place, as two processes would open them.
 */
export function describeStore(
  kind: string,
  openTwice: () => Promise<readonly [Store, Store]>,
): void {
  describe(`${kind} as a store`, () => {
    it('gives back what was published', async () => {
      const [writer, reader] = await openTwice();
      expect(await writer.publish('parts/a.parquet', text('one'))).toBe(true);
      expect(await reader.read('parts/a.parquet')).toEqual(text('one'));
    });

    it('keeps the first of two files of one name', async () => {
      const [one, two] = await openTwice();
      expect(await one.publish('parts/a', text('one'))).toBe(true);
      expect(await two.publish('parts/a', text('two'))).toBe(false);
      expect(await one.read('parts/a')).toEqual(text('one'));
    });

    it('has exactly one winner in every race to publish', async () => {
      const [one, two] = await openTwice();
      for (let race = 0; race < 60; race++) {
        const path = `parts/${race}`;
        const writers = Array.from({ length: 6 }, (_, index) => `writer ${index}`.repeat(1000));
        const won = await Promise.all(
          writers.map((writer, index) => (index % 2 ? one : two).publish(path, text(writer))),
        );
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(await one.read(path)).toEqual(text(writers[won.indexOf(true)]!));
      }
    });

    it('never shows half a file while it is replaced', async () => {
      const [writer, reader] = await openTwice();
      const versions = ['a', 'b', 'c', 'd'].map((letter) => text(letter.repeat(300_000)));
      await writer.replace('report', versions[0]!);
      const seen: Uint8Array[] = [];
      const written = { all: false };
      const reading = (async () => {
        while (!written.all) seen.push((await reader.read('report'))!);
      })();
      for (let round = 0; round < 20; round++) await writer.replace('report', versions[round % 4]!);
      written.all = true;
      await reading;
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.filter((bytes) => !versions.some((version) => version.equals(bytes)))).toEqual(
        [],
      );
    });

    it('replaces what was there, and what was not', async () => {
      const [store] = await openTwice();
      await store.replace('studies/s/study.yaml', text('old'));
      await store.replace('studies/s/study.yaml', text('new'));
      expect(await store.read('studies/s/study.yaml')).toEqual(text('new'));
    });

    it('is empty until there is anything in its place', async () => {
      const [one, two] = await openTwice();
      expect(await one.isEmpty()).toBe(true);
      await one.publish('somebody/else', text('x'));
      expect([await one.isEmpty(), await two.isEmpty()]).toEqual([false, false]);
    });

    it('has null for a file that is not there', async () => {
      const [store] = await openTwice();
      expect(await store.read('parts/none')).toBeNull();
      await store.publish('parts/some', text(''));
      expect(await store.read('parts/none')).toBeNull();
      expect(await store.read('parts/some')).toEqual(text(''));
    });

    it('lists the files below a folder, sorted, with their whole paths', async () => {
      const [store] = await openTwice();
      for (const path of ['parts/b', 'parts/a', 'studies/s/1/plans/p', 'partsother/x']) {
        await store.publish(path, text(path));
      }
      expect(await store.list('parts')).toEqual(['parts/a', 'parts/b']);
      expect(await store.list('studies')).toEqual(['studies/s/1/plans/p']);
      expect(await store.list('none')).toEqual([]);
    });

    it('sets a file aside so that its path is free, and keeps what it held', async () => {
      const [one, two] = await openTwice();
      await one.publish('parts/a', text('damaged'));
      await Promise.all([one.quarantine('parts/a'), two.quarantine('parts/a')]);
      expect(await one.read('parts/a')).toBeNull();
      expect(await two.publish('parts/a', text('whole'))).toBe(true);
      await two.quarantine('parts/a');
      const aside = await Promise.all((await one.list('quarantine')).map((path) => one.read(path)));
      expect(aside.map(String).sort()).toEqual(['damaged', 'whole']);
    });

    it('tells when files were written, and removes them', async () => {
      const [one, two] = await openTwice();
      const before = Date.now();
      await one.publish('pieces/a.parquet', text('one'));
      await one.publish('pieces/b/c.parquet', text('two'));
      const found = await two.details('pieces');
      expect([...found.keys()].sort()).toEqual(['pieces/a.parquet', 'pieces/b/c.parquet']);
      for (const { bytes, writtenAt } of found.values()) {
        expect(bytes).toBe(3);
        // A service tells whole seconds, and its clock is another one.
        expect(Math.abs(writtenAt - before)).toBeLessThan(60_000);
      }
      await two.remove('pieces/a.parquet');
      await two.remove('pieces/a.parquet');
      expect(await one.list('pieces')).toEqual(['pieces/b/c.parquet']);
      expect(await one.read('pieces/a.parquet')).toBeNull();
      expect(await one.details('nowhere')).toEqual(new Map());
    });

    it('gives a file another version when its size or the time of its change is another', async () => {
      const [one, two] = await openTwice();
      const versionOf = async () => (await two.details('parts')).get('parts/a')!.version;
      await one.publish('parts/a', text('one'));
      const first = await versionOf();
      expect(await versionOf()).toBe(first);
      await one.replace('parts/a', text('three'));
      expect(await versionOf()).not.toBe(first);
    });

    it('tells of one file what a listing tells of it', async () => {
      const [one, two] = await openTwice();
      expect(await one.detailsOf('parts/a')).toBeNull();
      await one.publish('parts/a', text('one'));
      expect(await two.detailsOf('parts/a')).toEqual((await one.details('parts')).get('parts/a'));
    });

    it('reads no file that is larger than it may be, and says which', async () => {
      const [one, two] = await openTwice();
      await one.publish('studies/s/latest', text('x'.repeat(100)));
      expect(await two.read('studies/s/latest', 100)).toHaveLength(100);
      await expect(two.read('studies/s/latest', 99)).rejects.toMatchObject({
        name: 'UnusableFile',
        message: expect.stringMatching(
          /^studies\/s\/latest cannot be used: it has 100 bytes/,
        ) as string,
      });
    });

    it('sets aside what was judged, and nothing that has taken its place', async () => {
      const [one, two] = await openTwice();
      await one.publish('parts/a', text('damaged'));
      const judged = (await one.read('parts/a'))!;
      await two.quarantine('parts/a', judged);
      await two.publish('parts/a', text('whole'));
      await one.quarantine('parts/a', judged);
      expect(await one.read('parts/a')).toEqual(text('whole'));
      const aside = await Promise.all((await one.list('quarantine')).map((path) => one.read(path)));
      expect(aside.map(String)).toEqual(['damaged']);
    });

    it('is claimed by one of many, and is of somebody else when anything is there without a marker', async () => {
      const [one, two] = await openTwice();
      const claims = [one, two, one.direct(), two.direct()].map(claimStore);
      expect(new Set(await Promise.all(claims)).size).toBe(1);
      const [other] = await openTwice();
      await other.publish('parts/somebody-elses.parquet', text('x'));
      await expect(claimStore(other)).rejects.toThrow(NotAStore);
      expect(await other.list('parts')).toEqual(['parts/somebody-elses.parquet']);
    });

    it('leads readers of files to the same bytes', async () => {
      const [store] = await openTwice();
      await store.publish('parts/a', text('one'));
      expect(await readFile(await store.localPath('parts/a'))).toEqual(text('one'));
    });

    it('shows whoever checks it what is in it now', async () => {
      const [one, two] = await openTwice();
      await one.publish('parts/a.parquet', text('damaged'));
      const direct = one.direct();
      expect(await direct.list('parts')).toEqual(['parts/a.parquet']);
      await two.quarantine('parts/a.parquet');
      await two.publish('parts/a.parquet', text('whole'));
      expect(await direct.read('parts/a.parquet')).toEqual(text('whole'));
      expect(direct.url).toBe(one.url);
    });

    it.each(['', '/etc/passwd', '../x', 'a/../../x', 'a//b', './a', 'a/', 'a\\b', '..', 'a\0b'])(
      'refuses the path %j',
      async (path) => {
        const [store] = await openTwice();
        await expect(store.read(path)).rejects.toThrow(/is no path of a store/);
        await expect(store.publish(path, text(''))).rejects.toThrow(/is no path of a store/);
        await expect(store.replace(path, text(''))).rejects.toThrow(/is no path of a store/);
        await expect(store.list(path)).rejects.toThrow(/is no path of a store/);
        await expect(store.details(path)).rejects.toThrow(/is no path of a store/);
        await expect(store.detailsOf(path)).rejects.toThrow(/is no path of a store/);
        await expect(store.remove(path)).rejects.toThrow(/is no path of a store/);
        await expect(store.quarantine(path)).rejects.toThrow(/is no path of a store/);
        await expect(store.localPath(path)).rejects.toThrow(/is no path of a store/);
      },
    );
  });
}
