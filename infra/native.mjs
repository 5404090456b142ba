// Builds the native TensorFlow.js binding into .tools/native: npm has its sources, PyPI has TensorFlow's libraries.
// For CPUs, or with --cuda for NVIDIA GPUs (a build for GPUs serves without one, too). Says one line a step, nothing
// when there is nothing to do, and one line as well when it cannot; then it exits 1, but 0 with --if-possible.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'; // prettier-ignore
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const target = path.join(root, '.tools/native');
/** Where it is built, so that `target` is complete or not there. As deep as `target`, for the libraries found above. */
const folder = path.join(root, '.tools/native-unfinished');
const stamp = '.setup-stamp';

const requirementsOf = (kind) => path.join(root, `infra/requirements-tensorflow-${kind}.txt`);
const sources = ['package.json', 'package-lock.json', 'index.js'].map((name) =>
  path.join(root, 'infra/native', name),
);

function versionOf(kind) {
  const hash = createHash('sha256');
  for (const file of [import.meta.filename, requirementsOf(kind), ...sources]) {
    hash.update(readFileSync(file));
  }
  return `${kind} ${hash.digest('hex')}`;
}

function isReady(kind) {
  const file = path.join(target, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === versionOf(kind);
}

/** Runs a command in the folder; what it prints is kept for the line that says why it failed. */
function run(command, commandArguments) {
  const { status, signal, error, stdout, stderr } = spawnSync(command, commandArguments, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (error !== undefined) throw new Error(`${command} does not start (${error.message})`);
  if (status === 0) return stdout.trim();
  const lines = stderr.trim().split('\n');
  const reason = lines.find((line) => /error\b/i.test(line)) ?? lines.at(-1);
  throw new Error(`${command} failed: ${signal ?? reason.trim().slice(0, 200)}`);
}

function mustRun(command, commandArguments, remedy) {
  if (spawnSync(command, commandArguments).status !== 0) throw new Error(remedy);
}

const compiler = process.env.CXX ?? 'c++';

function checkMachine() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `the wheels taken are for Linux on x64, this is ${process.platform} on ${process.arch}; ` +
        'where its own download works: npm install --no-save @tensorflow/tfjs-node@4.22.0',
    );
  }
  mustRun('python3', ['-m', 'pip', '--version'], 'there is no python3 with pip to get TensorFlow');
  mustRun(compiler, ['--version'], `there is no C++ compiler (${compiler}; Debian: apt install g++)`); // prettier-ignore
}

function installSources() {
  say('sources of the binding, by npm');
  for (const file of sources) cpSync(file, path.join(folder, path.basename(file)));
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  // One engine for all: without copies of their own, these resolve to the project's further up.
  for (const name of ['tfjs-core', 'tfjs-backend-cpu']) {
    rmSync(path.join(folder, 'node_modules/@tensorflow', name), { recursive: true });
  }
}

/** TensorFlow as `wheels/tensorflow`, and with CUDA `wheels/nvidia`, where its library looks for it. */
function installTensorFlow(kind) {
  say(`TensorFlow for ${kind === 'cuda' ? 'CUDA 12 (2.4 GB)' : 'CPUs (230 MB)'}, by pip`);
  run('python3', [
    ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'],
    ...['--no-deps', '--no-compile', '--only-binary', ':all:', '--require-hashes'],
    ...['--implementation', 'cp', '--python-version', '3.11', '--platform', 'manylinux2014_x86_64'],
    ...['--target', 'wheels', '--requirement', requirementsOf(kind)],
  ]);
}

function compile() {
  say('compile the binding');
  const addon = 'node_modules/@tensorflow/tfjs-node';
  shareBetweenThreads(path.join(folder, addon, 'binding/tfjs_backend.cc'));
  const output = path.join(addon, 'lib/napi-v8');
  mkdirSync(path.join(folder, output), { recursive: true });
  run(compiler, [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8'],
    ...['-Inode_modules/node-api-headers/include', '-Iwheels/tensorflow/include'],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join(addon, 'binding', name)),
    ...['-Lwheels/tensorflow', '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    `-Wl,-rpath,$ORIGIN/${path.relative(output, 'wheels/tensorflow')}`,
    ...['-o', path.join(output, 'tfjs_binding.node')],
  ]);
}

/** Worker threads load the binding side by side, and the names of attributes are one set for all of them, unguarded. */
function shareBetweenThreads(file) {
  const shared = 'static std::set<std::string> ATTR_NAME_SET;';
  const source = readFileSync(file, 'utf8');
  if (!source.includes(shared)) throw new Error(`${file} has no line "${shared}"`);
  writeFileSync(file, source.replace(shared, shared.replace('static', 'static thread_local')));
}

/** Of TensorFlow's wheel only the two libraries are needed from here on; the rest is a third of a gigabyte. */
function prune() {
  const wheel = path.join(folder, 'wheels/tensorflow');
  for (const name of readdirSync(wheel)) {
    if (!name.startsWith('libtensorflow')) rmSync(path.join(wheel, name), { recursive: true });
  }
}

/** Computes something with what was built, and says what it is. */
function tryOut() {
  const script = `
    const tf = require('./index.js');
    if (tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0] !== 11) throw new Error('1 * 3 + 2 * 4 is not 11');
    console.log('TensorFlow ' + tf.backend().binding.TF_Version);`;
  return run(process.execPath, ['--eval', script]);
}

function say(line) {
  console.log(`native: ${line}`);
}

function build(kind) {
  checkMachine();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  installSources();
  installTensorFlow(kind);
  compile();
  prune();
  const version = tryOut();
  writeFileSync(path.join(folder, stamp), versionOf(kind));
  rmSync(target, { recursive: true, force: true });
  renameSync(folder, target);
  say(`${version} works, in .tools/native`);
}

const kind = process.argv.includes('--cuda') ? 'cuda' : 'cpu';
if (!isReady(kind) && !isReady('cuda')) {
  try {
    build(kind);
  } catch (error) {
    say(`no native TensorFlow: ${error.message}`);
    process.exitCode = process.argv.includes('--if-possible') ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
