import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ufmSweep } from './command.js';

const doctor = (keys: string) =>
  ufmSweep(['doctor', '--device', 'loops'], {
    env: { TEMPORAL_ADDRESS: '', UFM_ENCRYPTION_KEYS: keys, NO_COLOR: '1' },
  });

describe('ufm-sweep doctor', () => {
  it('says whether payloads are encrypted, and shows no key', async () => {
    expect((await doctor('')).stdout).toContain('payloads   not encrypted');
    const [first, second] = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64'));
    const { stdout, exitCode } = await doctor(`a:${first!},b:${second!}`);
    expect(stdout).toContain(
      'payloads   encrypted with the key a (AES-256-GCM); still decrypting: b',
    );
    expect(stdout).not.toContain(first!);
    expect(stdout).not.toContain(second!);
    expect(exitCode).toBe(0);
  });

  it('fails on a key that is none', async () => {
    const { stdout, exitCode } = await doctor('a:short');
    expect(stdout).toMatch(/payloads {3}.*UFM_ENCRYPTION_KEYS: entry 1/);
    expect(stdout).not.toContain('short');
    expect(exitCode).toBe(1);
  });
});
