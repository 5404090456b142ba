import { beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseBackend } from '../../../ufm/tensor/backend.js';
import { startNative } from '../../../ufm/tensor/devices/native.js';
import { startWebGpu } from '../../../ufm/tensor/devices/webgpu.js';

// No machine has all of the devices and lacks them, too.
vi.mock(import('../../../ufm/tensor/devices/native.js'), () => ({ startNative: vi.fn() }));
vi.mock(import('../../../ufm/tensor/devices/webgpu.js'), () => ({ startWebGpu: vi.fn() }));

beforeEach(async () => {
  vi.mocked(startNative).mockRejectedValue(new Error('the binding was not built'));
  // Whatever `auto` chose before is forgotten.
  await chooseBackend('cpu');
});

describe('the ladder of devices', () => {
  it('goes down to plain loops where there is nothing better, with a reason for each step', async () => {
    vi.mocked(startWebGpu).mockRejectedValue(new Error('there is no driver'));
    expect(await chooseBackend('auto')).toEqual({
      backend: 'loops',
      device: 'cpu',
      rejected: [
        { name: 'native', reason: 'the binding was not built' },
        { name: 'webgpu', reason: 'there is no driver' },
        { name: 'wasm', reason: 'loops comes first' },
        { name: 'cpu', reason: 'loops comes first' },
      ],
    });
  });

  it.each(['llvmpipe (LLVM 15.0.6, 256 bits)', 'SwiftShader Device (Subzero)'])(
    'passes over %s, which is no GPU, unless asked for it',
    async (device) => {
      vi.mocked(startWebGpu).mockResolvedValue({ backend: 'webgpu', device });
      const { backend, rejected } = await chooseBackend('auto');
      expect(backend).toBe('loops');
      expect(rejected[1]!.reason).toBe(`${device} renders in software, slower than loops`);
      expect(await chooseBackend('webgpu')).toMatchObject({ backend: 'webgpu', device });
    },
  );

  it('stops at a GPU', async () => {
    const device = 'NVIDIA H100';
    vi.mocked(startWebGpu).mockResolvedValue({ backend: 'webgpu', device });
    expect(await chooseBackend('auto')).toEqual({
      backend: 'webgpu',
      device,
      rejected: [
        { name: 'native', reason: 'the binding was not built' },
        { name: 'loops', reason: 'webgpu comes first' },
        { name: 'wasm', reason: 'webgpu comes first' },
        { name: 'cpu', reason: 'webgpu comes first' },
      ],
    });
  });
});
