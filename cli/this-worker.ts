import { hostname } from 'node:os';
import type { Worker } from '../activities/surroundings.js';
import { packageVersion } from '../infra/package-file.js';

/** This process, as the rows that it writes name it. */
export function thisWorker(): Worker {
  return { identity: `${process.pid}@${hostname()}`, codeVersion: packageVersion() };
}
