// Puts the Python libraries that the tests read the results with into .tools/python. Says what it does in one line,
// nothing when there is nothing to do, and one line as well when it cannot: the tests that need them are skipped then.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const requirements = path.join(root, 'infra/requirements-readers.txt');
const environment = path.join(root, '.tools/python');
const stamp = path.join(environment, '.setup-stamp');
const python = path.join(environment, 'bin/python');

function run(command, commandArguments) {
  const { status, error, stderr } = spawnSync(command, commandArguments, { encoding: 'utf8' });
  if (error !== undefined) throw new Error(`${command} does not start (${error.message})`);
  if (status !== 0) throw new Error(`${command} failed: ${stderr.trim().split('\n').at(-1)}`);
}

const version = createHash('sha256').update(readFileSync(requirements)).digest('hex');
const ready = existsSync(stamp) && readFileSync(stamp, 'utf8') === version;

if (!ready) {
  console.log('setup: Python readers into .tools/python');
  try {
    // What an interrupted run or other versions left may be of any shape.
    rmSync(environment, { recursive: true, force: true });
    run('python3', ['-m', 'venv', environment]);
    run(python, ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', '--require-hashes', '--disable-pip-version-check', '-r', requirements]); // prettier-ignore
    writeFileSync(stamp, version);
  } catch (error) {
    console.log(`setup: no Python readers, their tests are skipped: ${error.message}`);
  }
}
