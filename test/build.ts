import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** Global set-up of the tests that start processes, threads or workflows: those run what is built. */
export default function build(): void {
  execFileSync(process.execPath, [path.join(import.meta.dirname, '../infra/build.mjs')], {
    stdio: 'inherit',
  });
}
