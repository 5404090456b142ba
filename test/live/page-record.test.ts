import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPageRecord, writePageRecord } from '../../live/page-record.js';
import { serverFolder } from '../../workers/server/state-folder.js';
import { newStore } from '../activities/small-study.js';

describe('the record of a live page', () => {
  it('keeps port and token for the next start, for its owner only', async () => {
    const { url } = await newStore();
    const { port, token } = await readPageRecord(url);
    expect(port).toBeNull();
    await writePageRecord(url, { port: 7000, token });
    expect(await readPageRecord(url)).toEqual({ port: 7000, token });
    const folder = await serverFolder(url);
    const [file] = await readdir(folder);
    expect((await stat(path.join(folder, file!))).mode & 0o777).toBe(0o600);
    expect(await readdir(url)).toEqual([]);
  });

  it('draws another token each time until one is kept', async () => {
    const { url } = await newStore();
    const tokens = await Promise.all(Array.from({ length: 20 }, () => readPageRecord(url)));
    expect(new Set(tokens.map(({ token }) => token)).size).toBe(20);
  });

  it('gives up a token that others could have read, or that is none', async () => {
    const { url } = await newStore();
    const { token } = await readPageRecord(url);
    await writePageRecord(url, { port: 7000, token });
    const file = path.join(await serverFolder(url), 'page.json');
    await chmod(file, 0o644);
    expect((await readPageRecord(url)).token).not.toBe(token);
    for (const text of ['', '{}', '{"port":1,"token":""}', '{"port":1,"token":["x"]}']) {
      await writeFile(file, text);
      await chmod(file, 0o600);
      expect((await readPageRecord(url)).token).toMatch(/^[\w-]{43}$/);
    }
  });
});
