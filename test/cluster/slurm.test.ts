import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { projectFile, temporaryFolder, ufmSweep, type Ending } from '../cli/command.js';

const SCRIPT = projectFile('infra/slurm/workers.sbatch');

/** Runs the script as a job would, with a `srun` that prints the words that it got, one a line, and its umask. */
async function submit(environment: Readonly<Record<string, string>>): Promise<Ending> {
  const folder = await temporaryFolder();
  const programs = path.join(folder, 'bin');
  await mkdir(programs);
  await writeFile(
    path.join(programs, 'srun'),
    '#!/usr/bin/env bash\nprintf "%s\\n" "$@"\numask >&2\n',
  );
  await chmod(path.join(programs, 'srun'), 0o755);
  const { exitCode, stdout, stderr } = await execa('bash', [SCRIPT], {
    cwd: folder,
    reject: false,
    extendEnv: false,
    env: {
      PATH: `${programs}:${process.env['PATH']!}`,
      SLURM_SUBMIT_DIR: '/home/someone/ufm-sweep',
      SLURM_CPUS_PER_TASK: '8',
      ...environment,
    },
  });
  return { exitCode, stdout, stderr };
}

const SERVER = { TEMPORAL_ADDRESS: 'temporal.cluster:7233', UFM_STORE: '/scratch/sweeps' };

describe('the Slurm script', () => {
  it.each([
    ['a shard a core', {}, ['--concurrency', '8']],
    ['one shard a GPU', { SLURM_GPUS_PER_TASK: '1' }, ['--device', 'native', '--concurrency', '1']],
  ])('starts workers that solve %s', async (_, environment, options) => {
    const { exitCode, stdout } = await submit({ ...SERVER, ...environment });
    expect(exitCode).toBe(0);
    const words = stdout.split('\n');
    expect(words).toEqual([
      '--kill-on-bad-exit=0',
      'node',
      '/home/someone/ufm-sweep/dist/cli/main.js',
      ...['worker', '--role', 'solver', '--store', '/scratch/sweeps'],
      ...options,
    ]);
    expect((await ufmSweep(words.slice(3))).stderr).toMatch(/no Temporal server is configured/);
  });

  it('takes the program from elsewhere when told so', async () => {
    const { stdout } = await submit({ ...SERVER, UFM_SWEEP: '/opt/ufm-sweep' });
    expect(stdout).toContain('/opt/ufm-sweep/dist/cli/main.js');
  });

  it.each([
    ['server', 'TEMPORAL_ADDRESS', /TEMPORAL_ADDRESS: set it to host:port/],
    ['store', 'UFM_STORE', /UFM_STORE: set it to the folder/],
  ])('says what it needs where there is no %s', async (_, missing, message) => {
    const { exitCode, stdout, stderr } = await submit({ ...SERVER, [missing]: '' });
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  });

  it('leaves results to who submits it, or to a group that is meant to have them', async () => {
    expect((await submit(SERVER)).stderr).toBe('0077');
    expect((await submit({ ...SERVER, UFM_UMASK: '007' })).stderr).toBe('0007');
  });

  it('says no secret in a command, which all users of a node can read', async () => {
    const secrets = {
      TEMPORAL_API_KEY: 'planted-key',
      AWS_SECRET_ACCESS_KEY: 'planted-key',
      AWS_SESSION_TOKEN: 'planted-key',
      UFM_ENCRYPTION_KEYS: 'planted-key',
    };
    const { exitCode, stdout } = await submit({ ...SERVER, ...secrets });
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('planted');
  });

  it('asks for nothing that sbatch reads as a comment', async () => {
    const { stdout } = await execa('bash', ['-n', SCRIPT]);
    expect(stdout).toBe('');
    const { stdout: directives } = await execa('grep', ['-nE', '^#SBATCH|^set ', SCRIPT]);
    const lines = directives.split('\n');
    // sbatch stops to look at the first command.
    expect(lines.at(-1)).toContain('set -euo pipefail');
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^\d+:#SBATCH --[a-z-]+=?\S*$/);
  });
});
