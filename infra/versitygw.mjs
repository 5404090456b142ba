// Puts versitygw, an S3-compatible server on a folder, into .tools: the tests of the object store run against it. Says
// one line when it compiles it, which takes minutes, nothing when it is there, and one line when it cannot.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const version = 'v1.8.0';
const root = path.dirname(import.meta.dirname);
const folder = path.join(root, `.tools/versitygw-${version}`);

if (!existsSync(path.join(folder, 'versitygw'))) {
  console.log(`setup: versitygw ${version} by go install, which takes some minutes`);
  const { status, error, stderr } = spawnSync(
    'go',
    ['install', `github.com/versity/versitygw/cmd/versitygw@${version}`],
    { env: { ...process.env, GOBIN: folder }, encoding: 'utf8' },
  );
  const reason =
    error?.code === 'ENOENT' ? 'Go is not on this machine' : stderr?.trim().split('\n').at(-1);
  if (error !== undefined || status !== 0) {
    console.log(`setup: no versitygw, the tests of the object store are skipped: ${reason}`);
  }
}
