import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { projectFile, temporaryFolder, ufmSweep, type Ending } from '../cli/command.js';

const SCRIPT = projectFile('infra/slurm/workers.sbatch');

/** Runs the script as a job would, with a `srun` that prints the words that it got, one a line. */
async function submit(environment: Readonly<Record<string, string>>): Promise<Ending> {
  const folder = await temporaryFolder();
  const programs = path.join(folder, 'bin');
  await mkdir(programs);
  await writeFile(path.join(programs, 'srun'), '#!/usr/bin/env bash\nprintf "%s\\n" "$@"\n');
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

const SERVER = { TEMPORAL_ADDRESS: 'temporal.cluster:7233' };

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
      ...['worker', '--role', 'solver'],
      ...options,
    ]);
    expect((await ufmSweep(words.slice(3))).stderr).toMatch(/no Temporal server is configured/);
  });

  it('takes the program from elsewhere when told so', async () => {
    const { stdout } = await submit({ ...SERVER, UFM_SWEEP: '/opt/ufm-sweep' });
    expect(stdout).toContain('/opt/ufm-sweep/dist/cli/main.js');
  });

  it('says what it needs where there is no server', async () => {
    const { exitCode, stdout, stderr } = await submit({});
    expect(stderr).toMatch(/TEMPORAL_ADDRESS: set it to host:port/);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
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
