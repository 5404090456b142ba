import { existsSync } from 'node:fs';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { projectFile, temporaryFolder } from './command.js';

interface Tensors {
  readonly backend?: string;
  readonly error?: string;
  readonly rejected: readonly { readonly name: string; readonly reason: string }[];
}

/** The program as on a machine of its own: its `.tools` holds only what a test puts there. */
async function machine(): Promise<string> {
  const folder = await temporaryFolder();
  await copyFile(projectFile('package.json'), path.join(folder, 'package.json'));
  for (const name of ['dist', 'node_modules']) {
    await symlink(projectFile(name), path.join(folder, name));
  }
  await mkdir(path.join(folder, '.tools'));
  return folder;
}

/** Runs `ufm-sweep` there. Modules that are links stay where the link is, so that they look around there. */
const ufmSweepOn = (folder: string, commandArguments: readonly string[], input = '') =>
  execa(
    process.execPath,
    [
      ...['--preserve-symlinks', '--preserve-symlinks-main'],
      ...[path.join(folder, 'dist/cli/main.js'), ...commandArguments],
    ],
    { reject: false, input, env: { TEMPORAL_ADDRESS: '' } },
  );

async function doctorOn(folder: string, ...commandArguments: string[]) {
  const { exitCode, stdout } = await ufmSweepOn(folder, ['doctor', '--json', ...commandArguments]);
  return { exitCode, ...(JSON.parse(stdout) as { tensors: Tensors }) };
}

const native = projectFile('.tools/native');

describe('doctor', () => {
  it('says where nothing was built how to get better than plain loops, and that those are used', async () => {
    const { exitCode, tensors } = await doctorOn(await machine());
    expect(exitCode).toBe(0);
    expect(tensors.backend).toBe('loops');
    expect(tensors.rejected).toMatchObject([
      { name: 'native', reason: expect.stringMatching(/npm run native/) as string },
      { name: 'webgpu', reason: expect.stringMatching(/npm install .*webgpu/) as string },
      { name: 'wasm', reason: 'loops comes first' },
      { name: 'cpu', reason: 'loops comes first' },
    ]);
  });

  it.runIf(existsSync(native))('finds the binding that was built', async () => {
    const folder = await machine();
    await symlink(native, path.join(folder, '.tools/native'));
    const { exitCode, tensors } = await doctorOn(folder);
    expect(exitCode).toBe(0);
    expect(tensors.backend).toBe('tensorflow');
    expect(tensors.rejected.map(({ name }) => name)).toEqual(['webgpu', 'loops', 'wasm', 'cpu']);
  });

  it('tells what is wrong with a binding that does not load, and goes on without it', async () => {
    const folder = await machine();
    await mkdir(path.join(folder, '.tools/native'));
    const broken = 'throw new Error("libtensorflow_cc.so.2: file too short");';
    await writeFile(path.join(folder, '.tools/native/index.js'), broken);
    const { tensors } = await doctorOn(folder);
    expect(tensors.backend).toBe('loops');
    expect(tensors.rejected[0]!.reason).toMatch(/libtensorflow_cc.so.2: file too short/);
  });

  it('exits 1 for a device that was asked for and is missing, and says how to get it', async () => {
    const { exitCode, tensors } = await doctorOn(await machine(), '--device', 'native');
    expect(exitCode).toBe(1);
    expect(tensors.error).toMatch(/npm run native -- --cuda/);
  });
});

describe('solve', () => {
  const line = '{"clusters": [[2, 50], [3, 10]], "lambda": 0.004, "solver": "tensor"}';
  const solve = ['solve', '--device', 'native'];

  it('exits 1 for a device that was asked for and is missing, and says how to get it', async () => {
    const { exitCode, stdout, stderr } = await ufmSweepOn(await machine(), solve, line);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/npm run native/);
  });

  it.runIf(existsSync(native))('solves on the binding that was built, and is quiet', async () => {
    const folder = await machine();
    await symlink(native, path.join(folder, '.tools/native'));
    const { exitCode, stdout, stderr } = await ufmSweepOn(folder, solve, line);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'certified', backend: 'tensorflow' });
  });
});
