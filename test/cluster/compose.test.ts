import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFile } from '../cli/command.js';
import { readCompose } from './compose-file.js';
import { HAS_MANIFEST_TOOLS, validate } from './manifest-tools.js';

const FOLDER = projectFile('infra/containers');

describe('the compose file', () => {
  it.skipIf(!HAS_MANIFEST_TOOLS)('is valid by the Compose specification', async () => {
    const compose = await readCompose();
    const document = { apiVersion: 'compose/v1', kind: 'ComposeFile', ...compose };
    const { exitCode, stdout } = await validate(JSON.stringify(document));
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining('Valid: 1') as unknown,
    });
    const misspelt = { ...document, services: { solver: { imagee: 'ufm-sweep' } } };
    expect((await validate(JSON.stringify(misspelt))).stdout).toContain('imagee');
  });

  it('waits only for what can come about', async () => {
    const { services } = await readCompose();
    for (const [name, { depends_on = {} }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const awaited = services[other];
        expect(awaited, `${name} waits for ${other}`).toBeDefined();
        if (condition === 'service_healthy') expect(awaited!.healthcheck?.test).toBeDefined();
        else expect([condition, awaited!.restart]).toEqual(['service_completed_successfully', undefined]); // prettier-ignore
      }
    }
  });

  it('mounts and builds what is there', async () => {
    const { services, volumes } = await readCompose();
    const sources = Object.values(services)
      .flatMap((service) => service.volumes ?? [])
      .map((volume) => volume.slice(0, volume.indexOf(':')))
      .filter((source) => !source.startsWith('${'));
    for (const source of sources) {
      const there = source.startsWith('.')
        ? existsSync(path.join(FOLDER, source))
        : source in volumes;
      expect([source, there]).toEqual([source, true]);
    }
    for (const { build } of Object.values(services)) {
      if (build === undefined) continue;
      const file = path.join(FOLDER, build.context, build.dockerfile);
      expect(await readFile(file, 'utf8')).toMatch(new RegExp(`^FROM \\w+ AS ${build.target}$`, 'm')); // prettier-ignore
    }
  });

  it('confines every service: no capability, no writable root, bounded memory and processes', async () => {
    const { services } = await readCompose();
    expect(Object.keys(services).length).toBeGreaterThan(9);
    for (const [name, service] of Object.entries(services)) {
      expect([name, service]).toEqual([
        name,
        expect.objectContaining({
          read_only: true,
          cap_drop: ['ALL'],
          security_opt: ['no-new-privileges:true'],
          tmpfs: expect.arrayContaining(['/tmp']) as unknown,
          pids_limit: expect.any(Number) as unknown,
          mem_limit: expect.stringMatching(/^\d+g$/) as unknown,
        }),
      ]);
      expect([name, service.cap_add, service.privileged]).toEqual([name, undefined, undefined]);
    }
  });

  it('takes images of others by a version, and by a digest where that is given', async () => {
    const { services } = await readCompose();
    for (const { image, build } of Object.values(services)) {
      if (image.startsWith('ufm-sweep:')) {
        if (build !== undefined) expect(build.args).toEqual({ NODE_DIGEST: '${NODE_DIGEST:-}' });
        continue;
      }
      const [, tag, variable, same] = /^[\w./-]+:v?([\d.]+)\$\{(\w+):\+@\$\{(\w+)\}\}$/.exec(
        image,
      )!;
      expect(tag).toMatch(/^\d/);
      expect(variable).toBe(same);
    }
    const [major, minor] = /server:(\d+)\.(\d+)/.exec(services['temporal']!.image)!.slice(1).map(Number); // prettier-ignore
    // 1.31.0 has known faults.
    expect(major! * 1000 + minor!).toBeGreaterThanOrEqual(1032);
    expect(services['temporal-schema']!.image).toContain(`:${major}.${minor}.`);
  });

  it('is reached from this machine alone', async () => {
    const { services } = await readCompose();
    for (const port of Object.values(services).flatMap(({ ports }) => ports ?? [])) {
      expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });
});
