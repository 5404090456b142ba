import { readdirSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { reasonOf, start, type StartedBackend } from './start.js';

/**
 * Where the binding may be: as `npm run native` builds it, or installed by hand. None is a dependency, because the
 * install scripts of the packages fetch binaries that many machines cannot reach.
 */
const packages = ['#native-tensorflow', '@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/** Native TensorFlow, on an NVIDIA GPU where the binding was built for one and finds it, else on the CPU. */
export async function startNative(): Promise<StartedBackend> {
  const reasons = new Set<string>();
  for (const name of packages) {
    try {
      await import(name);
      await start('tensorflow');
      const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean };
      return { backend: 'tensorflow', device: isUsingGpuDevice === true ? nvidiaName() : 'cpu' };
    } catch (error) {
      reasons.add(reasonOf(error));
    }
  }
  throw new Error(
    `native TensorFlow does not load (${[...reasons].join('; ')}). ` +
      'Get it with: npm run native (npm run native -- --cuda for NVIDIA GPUs)',
  );
}

/** The model of the first NVIDIA GPU as its driver tells it, `gpu` where it does not. */
function nvidiaName(): string {
  const folder = '/proc/driver/nvidia/gpus';
  try {
    const [first] = readdirSync(folder);
    const information = readFileSync(`${folder}/${first ?? ''}/information`, 'utf8');
    return /^Model:\s*(.+)$/mu.exec(information)?.[1] ?? 'gpu';
  } catch {
    return 'gpu';
  }
}
