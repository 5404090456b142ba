import { afterEach, describe, expect, it, vi } from 'vitest';
import { coloursOf, obeysCommands, shownValues } from '../../cli/terminal.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a terminal', () => {
  it('gets commands unless it is dumb, or is none', () => {
    vi.stubEnv('TERM', 'xterm');
    expect(obeysCommands({ isTTY: true })).toBe(true);
    expect(obeysCommands({})).toBe(false);
    vi.stubEnv('TERM', 'dumb');
    expect(obeysCommands({ isTTY: true })).toBe(false);
    expect(coloursOf({ isTTY: true }).yellow('warning')).toBe('warning');
  });

  it('shows every value of a progress bar, and obeys none', () => {
    expect(shownValues({ stage: '\u001b[2J', rate: 3, details: 'a\nb' })).toEqual({
      stage: String.raw`\u001b[2J`,
      rate: '3',
      details: String.raw`a\u000ab`,
    });
  });
});
