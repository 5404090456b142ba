import * as tf from '@tensorflow/tfjs-core';

/** `tf.tidy` for functions that return a record of tensors; its own type knows no interfaces. */
export function tidy<T extends object>(work: () => T): T {
  return tf.tidy(work as () => tf.TensorContainer) as T;
}
