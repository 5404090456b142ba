import { chmod, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SMALL_STUDY } from '../activities/small-study.js';
import { projectFile, type Ending } from '../cli/command.js';

/** What a process of the image has: a root that is read-only, an empty /tmp, no capability, and nobody's name. */
const CONFINE = `
mount --bind "$1" /mnt
shift
mount -o remount,bind,ro /mnt
mount -t tmpfs tmpfs /tmp
mount -o remount,bind,ro /
cd /mnt
exec setpriv --reuid 1000 --regid 1000 --clear-groups --bounding-set=-all --no-new-privs "$@"`;

/** Whether this machine lets this user confine a process so. */
async function mayConfine(): Promise<boolean> {
  const words = ['--mount', 'sh', '-euc', CONFINE, 'confined', tmpdir(), 'true'];
  return (await execa('unshare', words, { reject: false })).exitCode === 0;
}

/** Copies what the stage `program` of the Dockerfile copies: what `npm prune --omit=dev` leaves, and the build. */
async function copyProgram(app: string): Promise<void> {
  const words = ['ls', '--omit=dev', '--parseable', '--all'];
  const { stdout } = await execa('npm', words, { cwd: projectFile('.'), reject: false });
  const packages = stdout
    .split('\n')
    .slice(1)
    .map((where) => path.relative(projectFile('.'), where))
    // Those inside of others come with them.
    .filter((name) => name.lastIndexOf('node_modules') === 0);
  for (const name of ['package.json', 'dist', ...packages]) {
    await cp(projectFile(name), path.join(app, name), { recursive: true });
  }
}

let app: string;
let confined: boolean;

/** Runs a command as the image would, or without the confinement where this user may not confine. */
async function inImage(...words: string[]): Promise<Ending> {
  const options = {
    cwd: app,
    reject: false,
    extendEnv: false,
    env: { PATH: process.env['PATH']!, HOME: '/tmp', NODE_ENV: 'production' },
  };
  const { exitCode, stdout, stderr } = confined
    ? await execa('unshare', ['--mount', 'sh', '-euc', CONFINE, 'confined', app, ...words], options) // prettier-ignore
    : await execa(words[0]!, words.slice(1), options);
  return { exitCode, stdout, stderr };
}

const ufmSweep = (...words: string[]) => inImage(process.execPath, 'dist/cli/main.js', ...words);

describe('what the images hold', () => {
  beforeAll(async () => {
    app = await mkdtemp(path.join(tmpdir(), 'ufm-image-'));
    await chmod(app, 0o755);
    await copyProgram(app);
    await writeFile(path.join(app, 'study.yaml'), SMALL_STUDY);
    confined = await mayConfine();
  });
  afterAll(() => rm(app, { recursive: true, force: true }));

  it('starts for a user without rights on a read-only file system, and solves in plain loops', async () => {
    const { exitCode, stdout, stderr } = await ufmSweep('doctor', '--store', '/tmp/results');
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/tensor +loops/);
  });

  it('solves a study, analyzes it and draws its report', async () => {
    const words = ['--engine', 'local', '--store', '/tmp/results', '--json'];
    const { exitCode, stdout, stderr } = await ufmSweep('run', 'study.yaml', ...words);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ points: { done: 9 } });
  });

  it('has the native side of Temporal, which says that no server answers', async () => {
    const { exitCode, stderr } = await ufmSweep('worker', '--address', '127.0.0.1:1');
    expect(stderr).toMatch(/127\.0\.0\.1:1/);
    expect(exitCode).toBe(1);
  });

  it('cannot write elsewhere than in /tmp', async (context) => {
    if (!confined) context.skip();
    expect(await inImage('touch', '/tmp/here')).toMatchObject({ exitCode: 0 });
    expect((await inImage('touch', 'dist/here')).stderr).toMatch(/Read-only file system/);
    expect((await inImage('touch', '/here')).stderr).toMatch(/Read-only|Permission denied/);
    expect((await inImage('id', '-u')).stdout).toBe('1000');
  });
});
