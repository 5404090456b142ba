import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { projectFile, temporaryFolder, ufmSweep } from './command.js';

describe('ufm-sweep serve', () => {
  it.each([
    ['--port', 'x'],
    ['--port', '-1'],
    ['--port', '65536'],
    ['--nonsense'],
    ['no-such-study'],
    ['one', 'two'],
  ])('exits 2 on wrong usage: %s %s', async (...commandArguments) => {
    const ending = await ufmSweep(['serve', ...commandArguments], { cwd: await temporaryFolder() });
    expect(ending.exitCode).toBe(2);
    expect(ending.stdout).toBe('');
  });

  it('says so when the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    const cwd = await temporaryFolder();
    const { exitCode, stderr } = await ufmSweep(['serve', '--port', port], { cwd });
    taken.close();
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(new RegExp(`port ${port} is taken`));
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints one document when it is ready, and ends by %s',
    async (signal) => {
      const serving = execa(
        process.execPath,
        [projectFile('dist/cli/main.js'), 'serve', '--json'],
        {
          cwd: await temporaryFolder(),
          env: { TEMPORAL_ADDRESS: '' },
          reject: false,
        },
      );
      let text = '';
      for await (const chunk of serving.stdout) {
        text += String(chunk);
        if (text.trimEnd().endsWith('}')) break;
      }
      const { url, token, port } = JSON.parse(text) as { url: string; token: string; port: number };
      expect(url).toBe(`http://127.0.0.1:${port}/#token=${token}`);
      const answer = await fetch(`http://127.0.0.1:${port}/api/studies`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      expect(await answer.json()).toMatchObject({ studies: [] });
      serving.kill(signal);
      const { exitCode, stderr } = await serving;
      expect(exitCode).toBe(0);
      expect(stderr).toBe('');
      await expect(fetch(url)).rejects.toThrow();
    },
  );
});
