import { start, type StartedBackend } from './start.js';

/** Plain JavaScript, which runs everywhere. */
export async function startCpu(): Promise<StartedBackend> {
  await import('@tensorflow/tfjs-backend-cpu');
  await start('cpu');
  return { backend: 'cpu', device: 'cpu' };
}
