import * as tf from '@tensorflow/tfjs-core';

/** `tf.tidy` for functions that return a record of tensors; its own type knows no interfaces. */
export function tidy<T extends object>(work: () => T): T {
  return tf.tidy(work as () => tf.TensorContainer) as T;
}

/**
 * The same for asynchronous work that returns no tensors: whatever it leaves behind is freed, also where it fails. Of
 * such work only one may be under way on a thread.
 */
export async function tidyAfter<T>(work: () => Promise<T>): Promise<T> {
  tf.engine().startScope();
  try {
    return await work();
  } finally {
    tf.engine().endScope();
  }
}
