import { execFileSync } from 'node:child_process';
import { availableParallelism, totalmem } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import type { StartedBackend } from './devices/start.js';

/** A 32-bit address space; wasm can use all of it. */
const ADDRESSABLE_BY_WASM = 2 ** 32;
/** Where the driver's tool is missing: few GPUs that TensorFlow takes have less. */
const LEAST_OF_GPUS = 2 ** 32;
/** Of what a device has, batches get this share: what a backend caches and copies was not counted, and others live there. */
const SHARE = 1 / 4;

/**
 * Bytes that a batch on a started backend should take at most, by the count of its tensors: a quarter of a GPU's memory,
 * or of the host's for each of as many threads as it has cores; on wasm of its address space, where that is less; and on
 * WebGPU as much as one buffer may have.
 */
export function memoryForBatch({ backend, device }: StartedBackend): number {
  if (backend === 'webgpu') return largestBufferOfWebGpu() ?? ofHost();
  if (backend === 'tensorflow' && device !== 'cpu')
    return SHARE * (nvidiaMemory() ?? LEAST_OF_GPUS);
  return backend === 'wasm' ? Math.min(SHARE * ADDRESSABLE_BY_WASM, ofHost()) : ofHost();
}

/** The host's memory, or what a container may have of it, shared out to solver threads. */
function ofHost(): number {
  const limit = process.constrainedMemory();
  const memory = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return (SHARE * memory) / availableParallelism();
}

/** WebGPU does not tell the memory of a GPU, but the largest buffer, which no tensor may exceed. */
function largestBufferOfWebGpu(): number | undefined {
  const { device } = tf.backend() as { device?: { limits?: { maxBufferSize?: number } } };
  return device?.limits?.maxBufferSize;
}

let ofNvidia: number | undefined;

/** Bytes of the first NVIDIA GPU as its driver's tool tells them, once a thread. */
function nvidiaMemory(): number | undefined {
  return (ofNvidia ??= askNvidia());
}

function askNvidia(): number | undefined {
  const query = ['--query-gpu=memory.total', '--format=csv,noheader,nounits', '--id=0'];
  try {
    const mebibytes = Number(execFileSync('nvidia-smi', query, { encoding: 'utf8' }));
    return mebibytes > 0 ? mebibytes * 2 ** 20 : undefined;
  } catch {
    return undefined;
  }
}
