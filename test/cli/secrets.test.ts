import { readdir, readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import path from 'node:path';
import { inspect } from 'node:util';
import { execa } from 'execa';
import getPort from 'get-port';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openServer } from '../../workers/server/server-access.js';
import { StudyClient } from '../../workers/client/study-client.js';
import { FolderStore } from '../../results/folder-store.js';
import { claimStore } from '../../results/store-identity.js';
import { SOLVE_QUEUE } from '../../workflows/names.js';
import { saveText } from '../activities/small-study.js';
import { ownServer } from '../own-server.js';
import { projectFile, temporaryFolder, ufmSweep } from './command.js';
import { startWorker } from './running-worker.js';
import { TWO_POINTS } from './two-points.js';

/** What nobody may ever read: each unmistakable, and none in the middle of the others. */
const SECRETS = {
  TEMPORAL_API_KEY: 'planted-temporal-api-key',
  TEMPORAL_TLS_CLIENT_KEY_DATA: 'planted-tls-client-key',
  AWS_ACCESS_KEY_ID: 'PLANTEDACCESSKEYID',
  AWS_SECRET_ACCESS_KEY: 'planted-aws-secret-access-key',
  AWS_SESSION_TOKEN: 'planted-aws-session-token',
};

/** The secrets of a text, plain or in base64, as names of their variables. */
function secretsIn(text: string): string[] {
  return Object.entries(SECRETS)
    .filter(([, secret]) => [secret, base64(secret)].some((form) => text.includes(form)))
    .map(([name]) => name);
}

/** Without its last characters, which depend on what follows. */
function base64(secret: string): string {
  return Buffer.from(secret).toString('base64').slice(0, -4);
}

/** Every file below a folder, with the secrets in it; only those that have some. */
async function filesWithSecrets(folder: string): Promise<Record<string, string[]>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(0);
  const found = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return [file, secretsIn(await readFile(file, 'latin1'))] as const;
    }),
  );
  return Object.fromEntries(found.filter(([, secrets]) => secrets.length > 0));
}

/** A folder with a study, and a way to run commands in it with every secret in their environment. */
async function folderWithSecrets() {
  const cwd = await temporaryFolder();
  await writeFile(path.join(cwd, 'study.yaml'), TWO_POINTS);
  const env = {
    ...SECRETS,
    NO_COLOR: '1',
    TEMPORAL_ADDRESS: '',
    HOME: cwd,
    XDG_STATE_HOME: path.join(cwd, 'state'),
    TMPDIR: cwd,
    AWS_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return {
    cwd,
    env,
    run: (words: readonly string[], more: Record<string, string> = {}) =>
      ufmSweep(words, { cwd, env: { ...env, ...more } }),
  };
}

describe('the secrets of the surroundings', () => {
  it('are found by this test where they are, plain or encoded', async () => {
    const { cwd } = await folderWithSecrets();
    const key = SECRETS.TEMPORAL_API_KEY;
    await writeFile(
      path.join(cwd, 'log'),
      `key: ${key}; as ${Buffer.from(key).toString('base64')}`,
    );
    expect(await filesWithSecrets(cwd)).toEqual({ [path.join(cwd, 'log')]: ['TEMPORAL_API_KEY'] });
    expect(secretsIn(Buffer.from(key).toString('base64'))).toEqual(['TEMPORAL_API_KEY']);
  });

  it('are in nothing that the commands of a study print, and in no file that they leave', async () => {
    const { cwd, run } = await folderWithSecrets();
    const isSilent = async (...words: string[]) => {
      const { exitCode, stdout, stderr } = await run(words);
      expect({ words, exitCode, secrets: secretsIn(stdout + stderr) }).toEqual({ words, exitCode: 0, secrets: [] }); // prettier-ignore
    };
    await isSilent('run', 'study.yaml', '--engine', 'local', '--json');
    await Promise.all([
      isSilent('plan', 'study.yaml', '--json'),
      isSilent('watch', 'small'),
      isSilent('verify', 'small', '--json'),
      isSilent('report', 'small', '--out', 'report.html'),
      isSilent('export', 'small', '--format', 'parquet', '--json'),
      isSilent('query', 'small', 'SELECT * FROM results', '--json'),
    ]);
    expect(await filesWithSecrets(cwd)).toEqual({});
  });

  it('are in no error, whoever does not answer and however much is asked for', async () => {
    const { cwd, run } = await folderWithSecrets();
    const nowhere = `127.0.0.1:${await getPort()}`;
    const bucket = ['--store', 's3://bucket/prefix', '--verbose'];
    const noBucket = { AWS_ENDPOINT_URL_S3: `http://${nowhere}` };
    const endings = await Promise.all([
      run(['doctor', '--address', nowhere, '--json']),
      run(['run', 'study.yaml', '--address', nowhere, '--verbose']),
      run(['plan', 'study.yaml', ...bucket], noBucket),
      run(['verify', 'small', ...bucket], noBucket),
    ]);
    for (const { stdout, stderr } of endings) {
      expect(stdout + stderr).toMatch(/127\.0\.0\.1/);
      expect(secretsIn(stdout + stderr)).toEqual([]);
    }
    expect(endings.slice(1).map(({ exitCode }) => exitCode)).toEqual([1, 1, 1]);
    expect(await filesWithSecrets(cwd)).toEqual({});
  });

  it('are in nothing that a worker and the live page print, serve, leave, or tell the server of Temporal', async () => {
    const { cwd, env } = await folderWithSecrets();
    const server = await ownServer(cwd);
    // A server of one's own takes no key: those of Temporal are left out.
    const { TEMPORAL_API_KEY, TEMPORAL_TLS_CLIENT_KEY_DATA, ...surroundings } = env;
    expect([TEMPORAL_API_KEY, TEMPORAL_TLS_CLIENT_KEY_DATA]).not.toContain(undefined);
    const store = new FolderStore(path.join(cwd, 'results'));
    await claimStore(store);
    const worker = await startWorker(server.address, store.url, surroundings);
    const page = execa(process.execPath, [projectFile('dist/cli/main.js'), 'serve', '--json', '--address', server.address], { cwd, env: surroundings, reject: false }); // prettier-ignore
    const ready = once(page.stdout, 'data');
    onTestFinished(() => void page.kill('SIGKILL'));

    const client = await StudyClient.connect(openServer(server.address));
    onTestFinished(() => client.close());
    const settings = { window: 1, again: false, queue: SOLVE_QUEUE };
    const reference = await saveText(store, TWO_POINTS);
    await client.start(reference, settings);
    expect(await client.result(reference)).toMatchObject({ state: 'done' });
    // What is wrong with this one goes into its history.
    const lost = { ...reference, study: 'lost' };
    await client.start(lost, settings);
    const failure = inspect(await client.result(lost).catch((error: unknown) => error), {
      depth: 9,
    });
    expect(failure).toContain('of the study lost');

    const [document] = (await ready) as [Buffer];
    const { token, port } = JSON.parse(String(document)) as { token: string; port: number };
    const answer = await fetch(`http://127.0.0.1:${port}/api/studies`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const probes = [await worker.ask('/healthz'), await worker.ask('/readyz')];
    const served = [await answer.text(), ...probes, await worker.scrape(), failure];
    page.kill('SIGINT');
    worker.child.kill('SIGTERM');
    const { exitCode, stdout, stderr } = await page;
    expect(exitCode).toBe(0);
    expect(secretsIn([...served, stdout, stderr, worker.printed()].join('\n'))).toEqual([]);
    // The database of the server is among the files.
    expect(await filesWithSecrets(cwd)).toEqual({});
  }, 120_000);
});
