import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

/** Of each test file: state of its own, so that no test touches that of the user, or meets a server of another test. */
const folder = mkdtempSync(path.join(tmpdir(), 'ufm-state-'));
process.env['XDG_STATE_HOME'] = folder;
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
