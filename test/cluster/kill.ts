import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Kills a process as the machine's failure would, and waits until it is gone; nothing where none runs. */
export async function kill(child: ChildProcess | null): Promise<void> {
  const runs = child?.exitCode === null && child.signalCode === null;
  if (!runs) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
