import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { chooseBackend } from '../../../ufm/tensor/backend.js';

const LADDER = ['native', 'webgpu', 'loops', 'wasm', 'cpu'] as const;

/** Which of the devices that need something installed are here. */
const isHere = (name: 'native' | 'webgpu') =>
  chooseBackend(name).then(
    () => true,
    () => false,
  );
const [hasNative, hasWebGpu] = [await isHere('native'), await isHere('webgpu')];

describe('chooseBackend', () => {
  it("leaves no listener of wasm behind that would end the process at somebody else's error", async () => {
    const events = ['uncaughtException', 'unhandledRejection'] as const;
    const before = events.map((event) => process.rawListeners(event));
    await chooseBackend('wasm');
    expect(events.map((event) => process.rawListeners(event))).toEqual(before);
  });

  it.each(['wasm', 'cpu'] as const)('starts %s when asked for it', async (name) => {
    const { rejected, ...started } = await chooseBackend(name);
    expect(started).toEqual({ backend: name, device: 'cpu' });
    expect(tf.getBackend()).toBe(name);
    const others = LADDER.filter((other) => other !== name);
    expect(rejected).toEqual(
      others.map((other) => ({ name: other, reason: `${name} was asked for` })),
    );
  });

  it('starts plain loops without a tensor backend', async () => {
    expect(await chooseBackend('loops')).toMatchObject({ backend: 'loops', device: 'cpu' });
  });

  it('takes the best that there is, and says of each of the others why not', async () => {
    const { backend, rejected } = await chooseBackend('auto');
    const used = backend === 'tensorflow' ? 'native' : backend;
    expect(rejected.map(({ name }) => name)).toEqual(LADDER.filter((name) => name !== used));
    const place = LADDER.findIndex((name) => name === used);
    for (const { reason } of rejected.slice(0, place)) expect(reason.length).toBeGreaterThan(20);
    for (const { reason } of rejected.slice(place)) expect(reason).toBe(`${used} comes first`);
  });

  it.runIf(hasNative)('computes on the native binding, and frees there what is freed', async () => {
    expect((await chooseBackend('native')).backend).toBe('tensorflow');
    const native = tf.backend() as tf.KernelBackend & { getNumOfTFTensors(): number };
    const before = native.getNumOfTFTensors();
    const sum = tf.tidy(() => tf.addN([tf.ones([3]), tf.ones([3])]));
    expect(await sum.array()).toEqual([2, 2, 2]);
    expect(native.getNumOfTFTensors()).toBe(before + 1);
    sum.dispose();
    expect(native.getNumOfTFTensors()).toBe(before);
  });

  it.skipIf(hasNative)('says how to get native TensorFlow where it is missing', async () => {
    await expect(chooseBackend('native')).rejects.toThrow(/npm run native/u);
  });

  it.skipIf(hasWebGpu)('says how to get WebGPU where it is missing', async () => {
    await expect(chooseBackend('webgpu')).rejects.toThrow(/npm install .*backend-webgpu/u);
  });
});
