import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '../../infra/project-root.js';
import { CORE } from './core.js';

/** The machine in words. */
export function describeMachine(): Record<string, string> {
  const [first] = cpus();
  return {
    processor: `${first?.model ?? 'unknown'} (${cpus().length} cores)`,
    core: CORE ?? 'not pinned: no taskset here',
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${process.platform} ${release()} ${process.arch}`,
  };
}

/** Node's version and those of the libraries that our contenders run on. */
export function ourVersions(): Record<string, string> {
  const library = '@tensorflow/tfjs-core';
  const file = path.join(PROJECT_ROOT, 'node_modules', library, 'package.json');
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return { node: process.versions.node, [library]: version };
}
