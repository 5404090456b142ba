import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/**
 * Writes TypeScript sources, named from the root of the project, as JavaScript below a folder, so that a child process
 * can run them. Returns the folder.
 */
export async function transpile(folder: string, sources: readonly string[]): Promise<string> {
  const root = resolve(import.meta.dirname, '../..');
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
  for (const source of sources) {
    const text = await readFile(join(root, source), 'utf8');
    const target = join(folder, source.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, ts.transpileModule(text, { compilerOptions }).outputText);
  }
  await writeFile(join(folder, 'package.json'), '{"type": "module"}');
  return folder;
}
