import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { chooseBackend } from '../../../ufm/tensor/backend.js';

const isInstalled = async (name: string) =>
  import(name).then(
    () => true,
    () => false,
  );
const hasNative =
  (await isInstalled('@tensorflow/tfjs-node-gpu')) || (await isInstalled('@tensorflow/tfjs-node'));

describe('chooseBackend', () => {
  it("leaves no listener of wasm behind that would end the process at somebody else's error", async () => {
    const events = ['uncaughtException', 'unhandledRejection'] as const;
    const before = events.map((event) => process.rawListeners(event));
    await chooseBackend('wasm');
    expect(events.map((event) => process.rawListeners(event))).toEqual(before);
  });

  it.each(['wasm', 'cpu'] as const)('starts %s when asked for it', async (name) => {
    expect(await chooseBackend(name)).toEqual({ backend: name, device: 'cpu', rejected: [] });
    expect(tf.getBackend()).toBe(name);
  });

  it('starts plain loops without a tensor backend', async () => {
    expect(await chooseBackend('loops')).toEqual({ backend: 'loops', device: 'cpu', rejected: [] });
  });

  it('takes the best that there is, and says why it passed over the others', async () => {
    const { backend, rejected } = await chooseBackend('auto');
    expect(['tensorflow', 'webgpu', 'loops']).toContain(backend);
    const better = ['native', 'webgpu'];
    const names = rejected.map(({ name }) => name);
    expect(names).toEqual(better.slice(0, names.length));
    for (const { reason } of rejected) expect(reason.length).toBeGreaterThan(20);
  });

  it.skipIf(hasNative)('says how to get native TensorFlow where it is missing', async () => {
    await expect(chooseBackend('native')).rejects.toThrow(/npm install .*tfjs-node/u);
  });
});
