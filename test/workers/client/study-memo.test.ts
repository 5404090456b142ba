import { describe, expect, it } from 'vitest';
import {
  isOfNewerCode,
  isOfOtherCode,
  memoOf,
  readMemo,
} from '../../../workers/client/study-memo.js';
import { isOlder, thisProgram } from '../../../workers/program.js';

const { bundle, version } = thisProgram();

describe('the memo of a study', () => {
  it('says which code began it', () => {
    expect(readMemo(memoOf('here', 2))).toEqual({
      store: 'here',
      bundle,
      version,
      replayFaults: 2,
    });
    expect(bundle).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    [undefined],
    [{}],
    [{ store: 7, bundle: ['x'], version: {}, replayFaults: 'many' }],
    [{ replayFaults: -1 }],
    [{ replayFaults: Number.NaN }],
  ])('of an early version, or anything else, says nothing: %j', (memo) => {
    const read = readMemo(memo);
    expect(read).toEqual({ store: '', bundle: null, version: null, replayFaults: 0 });
    expect(isOfOtherCode(read)).toBe(true);
    expect(isOfNewerCode(read)).toBe(false);
  });

  it('of a newer version is told from that of an older one and that of another build', () => {
    const other = { ...memoOf('here'), bundle: '0'.repeat(16) };
    expect(isOfNewerCode({ ...other, version: '1000.0.0' })).toBe(true);
    expect(isOfNewerCode({ ...other, version: '0.0.1' })).toBe(false);
    expect(isOfNewerCode(other)).toBe(false);
    // The same code is the same, whatever its package says.
    expect(isOfNewerCode({ ...memoOf('here'), version: '1000.0.0' })).toBe(false);
    expect(isOlder('0.9.0', '0.10.0')).toBe(true);
  });
});
