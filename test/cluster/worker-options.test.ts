import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { projectFile, ufmSweep } from '../cli/command.js';
import { readCompose } from './compose-file.js';
import { HAS_MANIFEST_TOOLS, render } from './manifest-tools.js';
import { VALUE_SETS } from './values.js';

/** What a worker says that has understood all of its options, and is told of no server. */
const UNDERSTOOD = /no Temporal server is configured/;

async function understands(words: readonly string[]): Promise<void> {
  expect(words[0]).toBe('worker');
  const { exitCode, stderr } = await ufmSweep(words, { env: { TEMPORAL_ADDRESS: '' } });
  expect({ words, stderr, exitCode }).toEqual({
    words,
    stderr: expect.stringMatching(UNDERSTOOD) as unknown,
    exitCode: 2,
  });
}

describe('a worker understands', () => {
  it('what the images run', async () => {
    const text = await readFile(projectFile('infra/containers/Dockerfile'), 'utf8');
    const commands = [...text.matchAll(/^CMD (.*)$/gm)].map(
      ([, words]) => JSON.parse(words!) as string[],
    );
    expect(commands).toHaveLength(3);
    for (const words of commands) await understands(words);
  });

  it('what the compose file runs', async () => {
    const { services } = await readCompose();
    const commands = Object.values(services)
      .map(({ command }) => command)
      .filter((command) => command?.[0] === 'worker');
    expect(commands).toHaveLength(3);
    for (const words of commands) await understands(words as string[]);
  });

  it.skipIf(!HAS_MANIFEST_TOOLS)('what the chart runs', async () => {
    const { stdout } = await render(VALUE_SETS['with a pool of GPUs']!);
    const commands = parseAllDocuments(stdout)
      .map((document) => document.toJS() as Record<string, unknown> | null)
      .filter((manifest) => manifest?.['kind'] === 'Deployment')
      .map(
        (manifest) =>
          manifest as unknown as {
            spec: { template: { spec: { containers: readonly { args: string[] }[] } } };
          },
      )
      .map(({ spec }) => spec.template.spec.containers[0]!.args);
    expect(commands).toHaveLength(3);
    for (const words of commands) await understands(words);
  });

  it('no option that it does not have', async () => {
    const { stderr } = await ufmSweep(['worker', '--metric=0.0.0.0:9464']);
    expect(stderr).not.toMatch(UNDERSTOOD);
    expect(stderr).toMatch(/--metric/);
  });
});
