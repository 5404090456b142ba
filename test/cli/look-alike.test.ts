import { createHash, randomUUID } from 'node:crypto';
import {
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FolderStore } from '../../results/folder-store.js';
import { encodePart } from '../../results/part.js';
import { MARKER_PATH } from '../../results/store-identity.js';
import { sampleRow } from '../results/sample-rows.js';
import { storeStudy } from '../results/stored-study.js';
import { temporaryFolder, ufmSweep } from './command.js';
import { TWO_POINTS } from './two-points.js';

const HEX = '0123456789abcdef'.repeat(2);

/** Files of somebody's project whose names could be taken for those of a store. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  'study.yaml': TWO_POINTS,
  'thesis.tex': 'ten years of work',
  'tmp/draft.tex': 'draft',
  [`tmp/${randomUUID()}`]: 'a cache of another program',
  [`tmp/ufm-${randomUUID()}`]: 'a file that only looks like ours',
  'tmp/deep/er': 'x',
  'parts/list.csv': 'screws',
  'parts/engine.parquet': 'PAR1 of somebody else',
  [`parts/${HEX}.parquet`]: 'PAR1 of somebody else, named like ours',
  'studies/small/latest': 'a'.repeat(64),
  [`studies/small/${'a'.repeat(64)}/study.json`]: '{"name": "small"}',
  [`studies/small/${'a'.repeat(64)}/plans/0123456789abcdef-0.parquet`]: 'x',
  [`studies/small/${'a'.repeat(64)}/pieces/${HEX}-0.parquet`]: 'x',
  'studies/psychology/notes.txt': 'x',
  'server/server.json': '{"pid": 1, "port": 7233}',
  'server/server.log': 'x',
  'server/local/x.json': '{}',
  'server/page.json': '{}',
  [`quarantine/parts/${HEX}.parquet.0a1b2c3d`]: 'x',
};

/** Every command that takes a store, and the words that follow its name. */
const COMMANDS: readonly (readonly string[])[] = [
  ['plan', 'study.yaml'],
  ['run', 'study.yaml', '--engine', 'local'],
  ['retry', 'small', '--engine', 'local'],
  ['status', 'small'],
  ['watch', 'small'],
  ['serve'],
  ['serve', 'small'],
  ['pause', 'small'],
  ['resume', 'small'],
  ['cancel', 'small'],
  ['schedule', 'create', 'study.yaml', '--cron', '0 2 * * *', '--address', '127.0.0.1:9'],
  ['solve', '--from', 'small'],
  ['analyze', 'small'],
  ['report', 'small'],
  ['verify', 'small'],
  ['query', 'small', 'SELECT 1'],
  ['export', 'small'],
  ['adopt'],
];

/** All of a folder, byte by byte, with the times of change. */
async function tree(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const { mtimeMs, mode } = await lstat(file);
    const bytes = entry.isFile() ? await readFile(file) : entry.isSymbolicLink() ? await readlink(file) : ''; // prettier-ignore
    const digest = createHash('sha256').update(bytes).digest('hex');
    found[path.relative(folder, file)] = `${digest} ${mtimeMs} ${mode}`;
  }
  return found;
}

function without(files: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([file]) => file !== name));
}

function inFolder(cwd: string, ...words: string[]) {
  return ufmSweep(words, { cwd, timeout: 60_000, env: { TEMPORAL_ADDRESS: '', NO_COLOR: '1' } });
}

async function build(folder: string, files: Readonly<Record<string, string | Uint8Array>>) {
  const longAgo = new Date(2020, 1);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    await utimes(file, longAgo, longAgo);
  }
}

describe('a folder that only looks like a store', () => {
  it('loses and gains nothing by any command, each of which refuses it and says what to do', async () => {
    const project = await temporaryFolder();
    await build(project, LOOK_ALIKES);
    await symlink('/etc/hostname', path.join(project, 'parts', 'link.parquet'));
    const before = await tree(project);
    for (const [command, ...words] of COMMANDS) {
      const ending = await inFolder(project, command!, ...words, '--store', '.');
      expect({ command, ...ending }).toMatchObject({ exitCode: 2, stdout: '' });
      expect(ending.stderr).toMatch(
        command === 'adopt'
          ? /holds neither a study nor a part.*stays as it is/
          : /is no store of ufm-sweep.*name another place.*ufm-sweep adopt --store/s,
      );
      expect(await tree(project)).toEqual(before);
    }
  }, 180_000);
});

describe('a store in the folder of a project', () => {
  it('keeps every file of the project as it is, whatever its name, and is named where it is in the way', async () => {
    const project = await temporaryFolder();
    await writeFile(path.join(project, 'study.yaml'), TWO_POINTS);
    const store = path.join(project, 'work');
    const run = ['run', 'study.yaml', '--engine', 'local', '--store', store] as const;
    expect(await inFolder(project, ...run)).toMatchObject({ exitCode: 0 });
    const names = Object.entries(LOOK_ALIKES).filter(([name]) => !name.includes(HEX) && !/^studies.small|^server|tmp.ufm/.test(name)); // prettier-ignore
    const foreign = { ...Object.fromEntries(names), 'studies/small/plans/mine.parquet': 'x' };
    await build(store, foreign);
    const before = await tree(store);
    const isForeign = (name: string) => name in foreign;
    for (const words of [
      run,
      ['retry', 'small', '--engine', 'local', '--store', store],
      ['verify', 'small', '--store', store],
      ['report', 'small', '--store', store],
    ]) {
      // prettier-ignore
      const ending = await inFolder(project, ...words);
      expect({ words, ...ending }).toMatchObject({ exitCode: 0 });
      const after = Object.entries(await tree(store)).filter(([name]) => isForeign(name));
      expect(after).toEqual(Object.entries(before).filter(([name]) => isForeign(name)));
      if (words[0] === 'verify')
        expect(ending.stdout).toMatch(/parts\/engine\.parquet: its name is none that this program gives; it is left where it is/); // prettier-ignore
    }
  }, 120_000);
});

describe('the store of an earlier version, which has no marker', () => {
  it('is refused until it is adopted, which changes nothing but that', async () => {
    const project = await temporaryFolder();
    const folder = path.join(project, 'ufm-results');
    await storeStudy(new FolderStore(folder));
    await rm(path.join(folder, MARKER_PATH));
    await writeFile(path.join(folder, 'parts', 'mine.parquet'), 'x');
    const before = await tree(folder);
    const refused = await inFolder(project, 'status', 'collapse');
    expect(refused).toMatchObject({ exitCode: 2 });
    expect(refused.stderr).toMatch(/an earlier version made it, run: ufm-sweep adopt --store/);
    const adopted = await inFolder(project, 'adopt');
    expect(adopted).toMatchObject({ exitCode: 0 });
    expect(adopted.stdout).toMatch('the studies collapse, 3 parts');
    expect(adopted.stderr).toMatch('parts/mine.parquet is not of ufm-sweep, and is left alone');
    const { [MARKER_PATH]: marker, ...after } = await tree(folder);
    expect(marker).toBeDefined();
    // The marker was written under another name first.
    expect(without(after, 'tmp')).toEqual(without(before, 'tmp'));
    expect(await inFolder(project, 'status', 'collapse')).toMatchObject({ exitCode: 0 });
    const again = await inFolder(project, 'adopt', '--json');
    const { id } = JSON.parse(await readFile(path.join(folder, MARKER_PATH), 'utf8')) as { id: string }; // prettier-ignore
    expect(JSON.parse(again.stdout)).toMatchObject({ id });
  }, 60_000);

  it('is known by a part alone', async () => {
    const folder = await temporaryFolder();
    await build(folder, { [`parts/${HEX}.parquet`]: encodePart([sampleRow(0)]) });
    const ending = await inFolder(folder, 'adopt', '--store', '.', '--json');
    expect(JSON.parse(ending.stdout)).toMatchObject({ studies: [], parts: 1 });
  });
});

describe('a place where nothing is yet', () => {
  it.each([['status'], ['verify'], ['report'], ['export'], ['retry'], ['serve']])(
    'is told to whoever wants %s of it, and stays empty',
    async (command) => {
      const folder = await temporaryFolder();
      const ending = await inFolder(folder, command, 'small');
      expect(ending).toMatchObject({ exitCode: 2, stdout: '' });
      expect(ending.stderr).toMatch(
        /there is no store at .\/ufm-results yet: `ufm-sweep run STUDY/,
      );
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('is where a plan has everything to solve', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'study.yaml'), TWO_POINTS);
    const { exitCode, stdout } = await inFolder(folder, 'plan', 'study.yaml');
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('2 new') as string }); // prettier-ignore
    expect(await readdir(folder)).toEqual(['study.yaml']);
  });
});
