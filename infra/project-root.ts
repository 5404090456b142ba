import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of the project, for the sources as for what is built from them in `dist/`. */
export const PROJECT_ROOT = findRoot(import.meta.dirname);

function findRoot(folder: string): string {
  return existsSync(path.join(folder, 'package.json')) ? folder : findRoot(path.dirname(folder));
}
