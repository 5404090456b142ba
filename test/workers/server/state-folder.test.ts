import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findServer } from '../../../workers/server/find-server.js';
import { OWN_IDENTITY } from '../../../workers/server/processes.js';
import { makeOwnFolder, serverFolder } from '../../../workers/server/state-folder.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ufm-state-folder-'));
  vi.stubEnv('XDG_STATE_HOME', path.join(folder, 'states'));
  vi.stubEnv('TEMPORAL_ADDRESS', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const NOT_ROOT = process.getuid?.() !== 0;

describe('the folder of what runs the studies of a store', () => {
  it('is of the user and of the host, one a store', async () => {
    const own = await serverFolder('/some/store');
    expect(path.relative(path.join(folder, 'states'), own)).toMatch(
      new RegExp(`^ufm-sweep/${hostname()}/some-store-[0-9a-f]{8}$`),
    );
    expect(await serverFolder('/some-store')).not.toBe(own);
    const bucket = await serverFolder('s3://bucket/a/b');
    expect(bucket).toMatch(/\/bucket-a-b-[0-9a-f]{8}$/);
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://elsewhere');
    expect(await serverFolder('s3://bucket/a/b')).not.toBe(bucket);
  });

  it('is the same through a link to the store, before and after the store is made', async () => {
    await symlink(path.join(folder, 'there'), path.join(folder, 'link'));
    const before = await serverFolder(path.join(folder, 'there', 'store'));
    await mkdir(path.join(folder, 'there', 'store'), { recursive: true });
    expect(await serverFolder(path.join(folder, 'there', 'store'))).toBe(before);
    expect(await serverFolder(path.join(folder, 'link', 'store'))).toBe(before);
  });

  it('is made for its owner alone, whatever the umask', async () => {
    const own = await serverFolder('/some/store');
    const before = process.umask(0);
    try {
      await makeOwnFolder(own);
    } finally {
      process.umask(before);
    }
    for (const made of [own, path.dirname(own), path.dirname(path.dirname(own))])
      expect((await stat(made)).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['can be written by a group', (level: string) => chmod(level, 0o770), /others may write/],
    ['can be written by all', (level: string) => chmod(level, 0o707), /others may write/],
    [
      'belongs to somebody else',
      (level: string) => chown(level, 12_345, 12_345),
      /another user \(12345\)/,
    ],
    [
      'is a link',
      async (level: string) => {
        await rm(level, { recursive: true });
        await mkdir(`${level}-elsewhere`, { recursive: true });
        await symlink(`${level}-elsewhere`, level);
      },
      /is no folder/,
    ],
  ])('is refused at every level that %s', async (what, spoil, message) => {
    if (NOT_ROOT && what.includes('somebody')) return;
    const own = await serverFolder('/some/store');
    for (const level of [own, path.dirname(own), path.dirname(path.dirname(own))]) {
      await makeOwnFolder(own);
      await spoil(level);
      await expect(serverFolder('/some/store')).rejects.toThrow(message);
      await expect(findServer('/some/store', null)).rejects.toThrow(message);
      await rm(path.join(folder, 'states'), { recursive: true });
    }
  });

  it('is refused where everybody can rename it', async () => {
    await mkdir(path.join(folder, 'states'));
    await chmod(path.join(folder, 'states'), 0o777);
    await expect(serverFolder('/some/store')).rejects.toThrow(/everybody may write/);
    await chmod(path.join(folder, 'states'), 0o1777);
    await expect(serverFolder('/some/store')).resolves.toContain('some-store');
  });

  it.each([
    ['in the home, where nothing says where such things go', undefined, 'home'],
    ['in the home, where what says so is no absolute path', 'states', 'home'],
    ['with the temporary files, where there is no home to write in', undefined, 'dev/null'],
  ])('lies %s', async (_, states, home) => {
    const isThere = home === 'home';
    vi.stubEnv('XDG_STATE_HOME', states);
    vi.stubEnv('HOME', isThere ? path.join(folder, home) : `/${home}`);
    vi.stubEnv('TMPDIR', path.join(folder, 'temporary'));
    expect(path.relative(folder, await serverFolder('s3://bucket'))).toMatch(
      isThere ? /^home\/\.local\/state\/ufm-sweep\// : /^temporary\/ufm-sweep-\d+\//,
    );
  });

  it('is found where the environment names no home at all', async () => {
    vi.stubEnv('XDG_STATE_HOME', undefined);
    vi.stubEnv('HOME', undefined);
    expect(path.isAbsolute(await serverFolder('s3://bucket'))).toBe(true);
  });

  it('is no place in the store: a record there is not believed', async () => {
    const store = path.join(folder, 'store');
    await mkdir(path.join(store, 'server', 'local'), { recursive: true });
    const record = {
      guardian: OWN_IDENTITY,
      server: OWN_IDENTITY,
      address: '127.0.0.1:1',
      webInterface: null,
      startedAt: '2026-01-01T00:00:00.000Z',
      users: [OWN_IDENTITY],
    };
    await writeFile(path.join(store, 'server', 'server.json'), JSON.stringify(record));
    expect(await findServer(store, null)).toBeNull();
    // The same text where it counts is believed.
    const own = await serverFolder(store);
    await makeOwnFolder(own);
    await writeFile(path.join(own, 'server.json'), JSON.stringify(record));
    expect(await findServer(store, null)).toMatchObject({ connection: { address: '127.0.0.1:1' } });
  });
});

describe('a folder under /proc', () => {
  it('is refused at once, where Node itself tries for ever', () => {
    const program = `
      import { makeFolders } from ${JSON.stringify(new URL('../../../dist/results/make-folders.js', import.meta.url).href)};
      await makeFolders('/proc/x/y').catch((error) => console.log(error.code));`;
    const words = ['--input-type=module', '--eval', program];
    expect(execFileSync(process.execPath, words, { encoding: 'utf8', timeout: 30_000 })).toBe(
      'ENOENT\n',
    );
  });
});
