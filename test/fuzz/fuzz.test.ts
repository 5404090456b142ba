import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';

/** Inputs of each kind; `npm run test:fuzz` takes 100,000. */
const TRIALS = Number(process.env['UFM_FUZZ_TRIALS'] ?? 1000);
const SEED = 20261130;
/** Of memory, for each reader. */
const MEGABYTES = 512;
/** A reader that says nothing for so long hangs. */
const LONGEST_MS = 60_000;

const PROJECT = path.join(import.meta.dirname, '../..');
const SOURCES = ['results/sample-rows', 'fuzz/mutations', 'fuzz/targets', 'fuzz/trials'];
const KINDS = ['study file', 'solve line', 'study.json', 'ufm-store.json', 'page.json', 'local record', 'manifest', 'pointer', 'part']; // prettier-ignore

interface Summary {
  tried: number;
  refused: number;
  accepted: number;
  threw: number;
  /** Ended the process, or hung. */
  aborted: number;
  slowest: number;
}

beforeAll(() => {
  // Beside what is built, so that a child process can run it.
  for (const source of SOURCES) {
    const text = readFileSync(path.join(PROJECT, 'test', `${source}.ts`), 'utf8');
    const target = path.join(PROJECT, 'dist/test', `${source}.js`);
    mkdirSync(path.dirname(target), { recursive: true });
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
    writeFileSync(target, ts.transpileModule(text, { compilerOptions }).outputText);
  }
});

/** Goes on after a trial that ended its process. */
async function fuzz(kind: string): Promise<Summary & { readonly errors: string }> {
  const summary = { tried: 0, refused: 0, accepted: 0, threw: 0, aborted: 0, slowest: 0 };
  let errors = '';
  while (summary.tried < TRIALS) {
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${MEGABYTES}`, path.join(PROJECT, 'dist/test/fuzz/trials.js'), kind, String(SEED), String(summary.tried), String(TRIALS)], // prettier-ignore
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    child.stderr.on('data', (text: Buffer) => (errors = (errors + String(text)).slice(0, 10_000)));
    const hang = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
    for await (const line of createInterface(child.stdout)) {
      hang.refresh();
      const [outcome, milliseconds] = line.split(' ');
      summary.tried += 1;
      summary[outcome as 'refused' | 'accepted' | 'threw'] += 1;
      summary.slowest = Math.max(summary.slowest, Number(milliseconds));
    }
    clearTimeout(hang);
    if (summary.tried === TRIALS) break;
    summary.tried += 1;
    summary.aborted += 1;
    if (summary.aborted === 20) break;
  }
  return { ...summary, errors };
}

describe('what comes from outside with random damage', () => {
  it.each(KINDS)(
    'is read or refused plainly, and nothing else: %s',
    async (kind) => {
      const { errors, ...summary } = await fuzz(kind);
      const { tried, refused, accepted, threw, aborted, slowest } = summary;
      console.log(
        `${kind}: tried ${tried}, refused ${refused}, accepted ${accepted}, threw ${threw}, aborted ${aborted}, slowest ${slowest.toFixed(0)} ms`,
      );
      expect(errors).toBe('');
      expect({ tried, threw, aborted }).toEqual({ tried: TRIALS, threw: 0, aborted: 0 });
      // Both happen, or the damage is none, or nothing else.
      expect(refused).toBeGreaterThan(TRIALS / 20);
      expect(accepted).toBeGreaterThan(0);
      expect(slowest).toBeLessThan(20_000);
    },
    120_000 + 20 * TRIALS,
  );
});
