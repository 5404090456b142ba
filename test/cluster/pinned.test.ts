import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { projectFile, temporaryFolder } from '../cli/command.js';
import { readCompose } from './compose-file.js';

const dockerfile = () => readFile(projectFile('infra/containers/Dockerfile'), 'utf8');

/** Runs infra/containers/pin.mjs with a `docker` that answers so. */
async function pin(answer: string) {
  const folder = await temporaryFolder();
  const docker = path.join(folder, 'docker');
  await writeFile(docker, `#!/bin/sh\n${answer}\n`);
  await chmod(docker, 0o755);
  return execa(process.execPath, [projectFile('infra/containers/pin.mjs')], {
    reject: false,
    extendEnv: false,
    env: { PATH: `${folder}:${process.env['PATH']!}` },
  });
}

describe('the images', () => {
  it('stand on a Node that is maintained, taken by its digest where one is given', async () => {
    const text = await dockerfile();
    const [, major] = /^ARG NODE_VERSION=(\d+)\.\d+\.\d+$/m.exec(text)!;
    // Even majors are those with long support; 20 is past its end.
    expect(Number(major)).toBeGreaterThanOrEqual(22);
    expect(Number(major) % 2).toBe(0);
    const bases = [...text.matchAll(/^FROM (\S+) AS \w/gm)].map(([, base]) => base!);
    expect(bases.filter((base) => base.includes(':'))).toEqual([
      'node:${NODE_VERSION}-bookworm-slim${NODE_DIGEST:+@${NODE_DIGEST}}',
    ]);
  });

  it.each([
    ['true', '', 1],
    ['true', 'sha256:0123', 0],
    ['false', '', 0],
  ])(
    'are built with RELEASE=%s and the digest "%s": exit code %i',
    async (release, digest, code) => {
      const [, check] = /^RUN (if \[ "\$RELEASE".*)$/m.exec(await dockerfile())!;
      const { exitCode, stderr } = await execa('sh', ['-c', check!], {
        reject: false,
        extendEnv: false,
        env: { PATH: process.env['PATH']!, RELEASE: release, NODE_DIGEST: digest },
      });
      expect(exitCode).toBe(code);
      expect(stderr).toBe(code === 0 ? '' : 'a release wants --build-arg NODE_DIGEST=sha256:...');
    },
  );

  it('are pinned by what the registries say: each variable that Dockerfile and compose file take', async () => {
    const { stdout, exitCode } = await pin('echo sha256:$(echo "$4" | sha256sum | cut -c1-64)');
    expect(exitCode).toBe(0);
    const pinned = [...stdout.matchAll(/^# (\S+:\S+)\n(\w+)=sha256:[0-9a-f]{64}$/gm)];
    expect(pinned).toHaveLength(stdout.split('\n').length / 2);
    const taken = Object.values((await readCompose()).services)
      .flatMap(({ image }) => /^(.*)\$\{(\w+_DIGEST):\+/.exec(image)?.slice(1).join(' ') ?? [])
      .concat(`node:${/NODE_VERSION=(.*)/.exec(await dockerfile())![1]}-bookworm-slim NODE_DIGEST`);
    expect(pinned.map(([, image, variable]) => `${image} ${variable}`).sort()).toEqual(
      [...new Set(taken)].sort(),
    );
  });

  it.each([
    ['does not know the image', 'echo "no such manifest" >&2; exit 1', 'no such manifest'],
    ['answers with something else', 'echo latest', 'latest'],
  ])('are not pinned where a registry %s', async (_, answer, told) => {
    const { stdout, stderr, exitCode } = await pin(answer);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toMatch(new RegExp(`^pin: no digest of \\S+: ${told}$`));
  });
});
