import { execFileSync } from 'node:child_process';
import { availableParallelism, totalmem } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryForBatch } from '../../../ufm/tensor/memory.js';

const GIB = 2 ** 30;

vi.mock(import('node:os'), async (original) => ({
  ...(await original()),
  availableParallelism: vi.fn(() => 4),
  totalmem: vi.fn(() => 64 * GIB),
}));
vi.mock(import('node:child_process'), async (original) => ({
  ...(await original()),
  execFileSync: vi.fn(),
}));
const limit = vi.spyOn(process, 'constrainedMemory').mockReturnValue(0);

afterEach(() => {
  vi.mocked(totalmem).mockReturnValue(64 * GIB);
  limit.mockReturnValue(0);
});

describe('the memory for a batch', () => {
  const ofCpu = () => memoryForBatch({ backend: 'tensorflow', device: 'cpu' });
  const ofWasm = () => memoryForBatch({ backend: 'wasm', device: 'cpu' });

  it("is a quarter of the host's, shared out to a thread for every core", () => {
    expect(ofCpu()).toBe(4 * GIB);
    vi.mocked(availableParallelism).mockReturnValueOnce(64);
    expect(ofCpu()).toBe(GIB / 4);
  });

  it('is that of a container where it may have less than the host', () => {
    limit.mockReturnValue(8 * GIB);
    expect(ofCpu()).toBe(GIB / 2);
    // Without a limit Linux says a number far beyond any memory.
    limit.mockReturnValue(2 ** 64);
    expect(ofCpu()).toBe(4 * GIB);
  });

  it('is a quarter of what wasm can address, however much the host has', () => {
    expect(ofWasm()).toBe(GIB);
    vi.mocked(totalmem).mockReturnValue(4 * GIB);
    expect(ofWasm()).toBe(GIB / 4);
  });

  it("is a quarter of a GPU's own where its driver tells it, asked once", () => {
    vi.mocked(execFileSync).mockImplementationOnce(() => {
      throw new Error('no nvidia-smi here');
    });
    const ofGpu = () => memoryForBatch({ backend: 'tensorflow', device: 'NVIDIA H100' });
    expect(ofGpu()).toBe(GIB);
    vi.mocked(execFileSync).mockReturnValueOnce('81920\n');
    expect(ofGpu()).toBe(20 * GIB);
    expect(ofGpu()).toBe(20 * GIB);
    expect(execFileSync).toHaveBeenCalledTimes(2);
  });
});
