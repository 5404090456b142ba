import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from './project-root.js';

/** Absolute path of a file that comes with the package. */
export function packageFile(path: string): string {
  return join(PROJECT_ROOT, path);
}

/** The version of this program. */
export function packageVersion(): string {
  const description = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
    version: string;
  };
  return description.version;
}
