// Puts the Python libraries that something here needs into an environment of its own under .tools: `readers`, with which
// the tests read the results (the default), `solver-peers`, which the solvers are measured against, or `scale-peers`, which the orchestration is.
// Says what it does in one line, nothing when there is nothing to do, and one line as well when it cannot: what needs them goes on without.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const environments = {
  readers: {
    folder: '.tools/python',
    requirements: 'infra/requirements-readers.txt',
    title: 'Python readers',
    without: 'their tests are skipped',
  },
  'solver-peers': {
    folder: '.tools/solver-peers',
    requirements: 'benchmarks/solvers/requirements.txt',
    title: 'CVXPY, PyTorch and JAX (5 GB)',
    without: 'our solvers are measured alone',
  },
  'scale-peers': {
    folder: '.tools/scale-peers',
    requirements: 'benchmarks/peers/requirements.txt',
    title: 'Ray, Optuna, Dask and joblib (0.7 GB)',
    without: 'our orchestration is measured alone',
  },
};

const name = process.argv[2] ?? 'readers';
if (!(name in environments)) {
  console.error(`setup: no environment ${name}; there are ${Object.keys(environments).join(', ')}`);
  process.exit(2);
}
const { folder, requirements, title, without } = environments[name];

const root = path.dirname(import.meta.dirname);
const environment = path.join(root, folder);
const stamp = path.join(environment, '.setup-stamp');
const python = path.join(environment, 'bin/python');

function run(command, commandArguments) {
  const options = { cwd: root, encoding: 'utf8' };
  const { status, error, stderr } = spawnSync(command, commandArguments, options);
  if (error !== undefined) throw new Error(`${command} does not start (${error.message})`);
  if (status !== 0) throw new Error(`${command} failed: ${stderr.trim().split('\n').at(-1)}`);
}

const pinned = readFileSync(path.join(root, requirements));
const version = createHash('sha256').update(pinned).digest('hex');
const ready = existsSync(stamp) && readFileSync(stamp, 'utf8') === version;

if (!ready) {
  console.log(`setup: ${title} into ${folder}`);
  try {
    // What an interrupted run or other versions left may be of any shape.
    rmSync(environment, { recursive: true, force: true });
    run('python3', ['-m', 'venv', environment]);
    run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes', '--disable-pip-version-check', '-r', requirements]); // prettier-ignore
    writeFileSync(stamp, version);
  } catch (error) {
    console.log(`setup: no ${title}, ${without}: ${error.message}`);
  }
}
