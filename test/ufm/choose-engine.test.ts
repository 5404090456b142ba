import { describe, expect, it } from 'vitest';
import { chooseEngine } from '../../ufm/choose-engine.js';
import { balance } from '../../ufm/first-order/balance.js';
import { loops } from '../../ufm/loops/engine.js';
import { memoryForBatch } from '../../ufm/tensor/memory.js';
import { exampleInstance } from './first-order/example.js';

const problem = balance(exampleInstance());

describe('chooseEngine', () => {
  it('takes tensors wherever a tensor backend is asked for, however few the instances', async () => {
    const { engine, ...chosen } = await chooseEngine('wasm', problem, 1);
    expect(chosen).toEqual({ backend: 'wasm', device: 'cpu' });
    expect(engine).not.toBe(loops);
    expect(engine.mostBytes).toBe(memoryForBatch(chosen));
  });

  it('takes plain loops wherever they are asked for, however many the instances', async () => {
    const chosen = await chooseEngine('loops', problem, 1_000_000);
    expect(chosen).toEqual({ engine: loops, backend: 'loops', device: 'cpu' });
  });

  it('takes plain loops of itself for a handful of instances on a CPU', async () => {
    const { engine, device } = await chooseEngine('auto', problem, 1);
    expect(engine === loops).toBe(device === 'cpu');
  });
});
