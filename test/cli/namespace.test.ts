import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownServer } from '../own-server.js';
import { temporaryFolder, ufmSweep } from './command.js';
import { TWO_POINTS } from './two-points.js';

const ADVICE = /has no namespace nowhere\. Make it \(temporal .*--namespace nowhere\), or mend TEMPORAL_NAMESPACE/; // prettier-ignore

describe('a namespace that the server does not have', () => {
  it('is named by every command that needs it, with what to do', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'study.yaml'), TWO_POINTS);
    const { address } = await ownServer(folder);
    const told = async (...words: string[]) => {
      const ending = await ufmSweep([...words, '--address', address], {
        cwd: folder,
        env: { TEMPORAL_NAMESPACE: 'nowhere', NO_COLOR: '1' },
      });
      expect([words, ending.stdout + ending.stderr]).toEqual([
        words,
        expect.stringMatching(ADVICE),
      ]);
      return ending.exitCode;
    };
    expect(await told('worker')).toBe(1);
    expect(await told('run', 'study.yaml', '--threads', '0')).toBe(1);
    expect(await told('run', 'study.yaml', '--threads', '1')).toBe(1);
    expect(await told('pause', 'small')).toBe(1);
    expect(await told('schedule', 'list')).toBe(1);
    // This one says what it knows all the same, and that one whether a run would fail.
    expect(await told('status', 'small')).toBe(0);
    expect(await told('doctor', '--device', 'loops')).toBe(1);
  });
});
