// Makes a fresh clone ready: libraries, build, Temporal server. Plain Node, because it runs before `npm ci`.
// Says one line a step that it takes and nothing when there is nothing to do. With --readers also the Python
// libraries that read the results in the tests, with --native also native TensorFlow.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.dirname(import.meta.dirname);

function run(command, commandArguments) {
  const { status, error } = spawnSync(command, commandArguments, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) console.error(`setup: ${command} does not start: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

function installLibraries() {
  const lock = createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json')));
  const version = `${lock.digest('hex')} node ${process.versions.modules}`;
  const stamp = path.join(root, 'node_modules/.setup-stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return;
  console.log('setup: npm ci');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, version);
}

async function provideTemporal() {
  const module = pathToFileURL(path.join(root, 'dist/infra/temporal-binary.js')).href;
  const { provideTemporalBinary } = await import(module);
  // Without a server the sweeps still run, in one process: worth a line, not a failure.
  await provideTemporalBinary((line) => console.log(`setup: ${line}`), true);
}

installLibraries();
run(process.execPath, ['infra/build.mjs']);
await provideTemporal();
if (process.argv.includes('--readers')) run(process.execPath, ['infra/python.mjs']);
if (process.argv.includes('--native')) run(process.execPath, ['infra/native.mjs', '--if-possible']);
