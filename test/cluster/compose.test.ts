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

  it('is reached from this machine alone', async () => {
    const { services } = await readCompose();
    for (const port of Object.values(services).flatMap(({ ports }) => ports ?? [])) {
      expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });
});
