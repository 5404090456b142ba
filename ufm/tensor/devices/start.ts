import * as tf from '@tensorflow/tfjs-core';

/** A tensor backend that runs on this thread. */
export interface StartedBackend {
  /** Name in rows: `tensorflow`, `webgpu`, `wasm` or `cpu`. */
  readonly backend: string;
  /** The device by name: `cpu`, or what the driver calls a GPU. */
  readonly device: string;
}

/**
 * Makes a registered backend the one of this thread, and has it compute something: some fail no earlier.
 *
 * @throws an error when it does not start or computes nonsense
 */
export async function start(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`the backend ${name} does not start here`);
  await tf.ready();
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])));
  const [value] = await product.data();
  product.dispose();
  if (value !== 11) throw new Error(`the backend ${name} says that 1 * 3 + 2 * 4 is ${value}`);
}

/** Why a package does not load, in a line. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' ? 'not installed' : message.split('\n')[0]!;
}
