import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { addressSpace } from '../workers/address-space.js';

/**
 * Each WebAssembly memory reserves 10 GB of address space, so that the processor notices what reaches beyond it. With these options of
 * Node it is checked in code, and reserves no more than it may ever hold, 1 GB.
 */
const FRUGAL = ['--disable-wasm-trap-handler', '--wasm-max-mem-pages=16384'];

/** Threads and Temporal beside WebAssembly have room above it. */
const AMPLE_BYTES = 100e9;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Where the address space is limited (`ulimit -v`, as some schedulers of clusters set it), starts this program again with options
 * that make do with it, and ends as that one does. Node takes them at its start alone.
 *
 * @returns false where nothing needs to be done
 */
export function relaunched(): boolean {
  if (addressSpace() > AMPLE_BYTES || FRUGAL.every((word) => process.execArgv.includes(word))) {
    endWithParent();
    return false;
  }
  const child = spawn(
    process.execPath,
    [...FRUGAL, ...process.execArgv, ...process.argv.slice(1)],
    { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
  );
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    throw error;
  });
  child.once('exit', (code, signal) => {
    process.exit(code ?? 128 + constants.signals[signal!]);
  });
  return true;
}

/** The one that was started again goes when the first one is killed. */
function endWithParent(): void {
  if (process.channel === undefined || !FRUGAL.every((word) => process.execArgv.includes(word))) return; // prettier-ignore
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
  });
  process.channel.unref();
}
