import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import getPort from 'get-port';
import { expect, it, describe } from 'vitest';
import { temporaryFolder, ufmSweep } from './command.js';

/** What nobody may ever read: each unmistakable, and none in the middle of the others. */
const SECRETS = {
  TEMPORAL_API_KEY: 'planted-temporal-api-key',
  TEMPORAL_TLS_CLIENT_KEY_DATA: 'planted-tls-client-key',
  AWS_ACCESS_KEY_ID: 'PLANTEDACCESSKEYID',
  AWS_SECRET_ACCESS_KEY: 'planted-aws-secret-access-key',
  AWS_SESSION_TOKEN: 'planted-aws-session-token',
};

const STUDY = `
version: 1
name: small
grids:
  - { name: one, classes: 4, majorityClasses: 2, majoritySamples: 100, minoritySamples: 25, lambda: [0.01, 0.02] }
solver: { kind: exact }
`;

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
  await writeFile(path.join(cwd, 'study.yaml'), STUDY);
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
    await isSilent('plan', 'study.yaml');
    await isSilent('run', 'study.yaml', '--engine', 'local', '--json');
    await Promise.all([
      isSilent('plan', 'study.yaml', '--json'),
      isSilent('status', 'small', '--json'),
      isSilent('verify', 'small', '--json'),
      isSilent('report', 'small', '--out', 'report.html'),
      isSilent('export', 'small', '--format', 'csv'),
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
});
