import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { endProcess } from '../end-process.js';
import type { Build } from './other-build.js';

export interface ProgramRun {
  readonly child: ChildProcess;
  /** All that it has said so far. */
  readonly said: () => string;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts a build with a command; gone after the test. */
export function start({ program }: Build, words: readonly string[], cwd: string): ProgramRun {
  const child = spawn(process.execPath, [program, ...words], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TEMPORAL_ADDRESS: '', NO_COLOR: '1' },
  });
  onTestFinished(() => endProcess(child));
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, said: () => said, ended };
}

/** Ends it as Ctrl-C does. */
export async function interrupt(run: ProgramRun): Promise<void> {
  run.child.kill('SIGINT');
  await run.ended;
}
