import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Whether a process was started and has not ended. */
export function runs(child: ChildProcess | null | undefined): child is ChildProcess {
  return child?.exitCode === null && child.signalCode === null;
}

/** Ends a process as the machine's failure would, or as a signal asks it to, and waits until it is gone. */
export async function endProcess(
  child: ChildProcess | null | undefined,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<void> {
  if (!runs(child)) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
