import { describe, expect, it, vi } from 'vitest';
import { firstAnswer } from '../../../workers/client/first-answer.js';

const never = new Promise<never>(() => undefined);

describe('the first answer', () => {
  it('is that of the one question, when it comes soon', async () => {
    const ask = vi.fn(() => Promise.resolve('now'));
    expect(await firstAnswer(ask)).toBe('now');
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('is that of a later question, when the first one is left waiting', async () => {
    const ask = vi
      .fn<() => Promise<string>>()
      .mockReturnValueOnce(never)
      .mockResolvedValue('later');
    expect(await firstAnswer(ask)).toBe('later');
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('is that of a question that was open while others failed', async () => {
    const ask = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new Error('the buffer is full'))
      .mockResolvedValue('in order');
    expect(await firstAnswer(ask)).toBe('in order');
  });

  it('is what the last question failed with, when all fail', async () => {
    let asked = 0;
    const ask = (): Promise<string> => Promise.reject(new Error(`question ${++asked}`));
    await expect(firstAnswer(ask)).rejects.toThrow('question 7');
  });
});
