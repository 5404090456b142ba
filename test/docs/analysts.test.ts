import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFile, ufmSweep } from '../cli/command.js';

const python = projectFile('.tools/python/bin/python');
const without = existsSync(python) ? '' : ' (skipped: no .tools/python; run node infra/python.mjs)';

let folder: string;

describe.skipIf(without !== '')(`the pages for analysts${without}`, () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ufm-analysts-'));
    await cp(projectFile('examples'), path.join(folder, 'examples'), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  // `vitest -u` writes what the blocks print into the pages.
  it.each(['pandas', 'polars', 'duckdb'])('show what %s prints', async (library) => {
    const file = projectFile(`docs/analysts/${library}.md`);
    const page = await readFile(file, 'utf8');
    for (const command of blocks(page, 'sh').flatMap((text) => text.trim().split('\n'))) {
      const [program, ...words] = command.split(' ');
      expect(program).toBe('ufm-sweep');
      const engine = words[0] === 'run' ? ['--engine', 'local'] : [];
      const { exitCode, stderr } = await ufmSweep([...words, ...engine], { cwd: folder });
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    }
    const { stdout } = await execa(python, ['-I', projectFile('test/docs/run-blocks.py')], {
      cwd: folder,
      input: JSON.stringify(blocks(page, 'python')),
    });
    const outputs = JSON.parse(stdout) as string[];
    expect(blocks(page, 'text')).toHaveLength(outputs.length);
    let next = 0;
    const printed = page.replaceAll(
      /```text\n[^]*?```/g,
      () => `\`\`\`text\n${tidy(outputs[next++]!)}\`\`\``,
    );
    await expect(printed).toMatchFileSnapshot(file);
  });
});

/** The blocks of a page in one language. */
function blocks(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(
    ([, text]) => text!,
  );
}

/** A text without blanks and empty lines at its end. */
function tidy(text: string): string {
  return text.replaceAll(/[ ]+$/gm, '').trimEnd() + '\n';
}
