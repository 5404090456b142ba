import { start, type StartedBackend } from './start.js';

/** WebAssembly with SIMD, on one core: Node gives it no threads. */
export async function startWasm(): Promise<StartedBackend> {
  await import('@tensorflow/tfjs-backend-wasm');
  await withoutProcessListeners(() => start('wasm'));
  return { backend: 'wasm', device: 'cpu' };
}

/** Emscripten's start-up listens for uncaught errors and throws them again, which ends the process: not here. */
async function withoutProcessListeners(action: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = new Map(events.map((event) => [event, new Set(process.rawListeners(event))]));
  await action();
  for (const event of events) {
    for (const listener of process.rawListeners(event)) {
      if (!before.get(event)!.has(listener)) {
        process.removeListener(event, listener as (...values: unknown[]) => void);
      }
    }
  }
}
