import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { packageVersion } from '../infra/package-file.js';

/** What tells versions of this program apart. */
export interface Program {
  readonly version: string;
  /** Of the workflow code; see `workflows/bundle.ts`. */
  readonly bundle: string;
}

/** Path of the workflow code, bundled. */
const WORKFLOW_BUNDLE = createRequire(import.meta.url).resolve('#workflow-bundle');

let known: Program | null = null;

/**
 * This program.
 *
 * @throws Error when the bundle has no hash, as one that was not built by `infra/build.mjs`
 */
export function thisProgram(): Program {
  known ??= { version: packageVersion(), bundle: hashOf(WORKFLOW_BUNDLE) };
  return known;
}

/** Whether one version is older than another, by the numbers in them. */
export function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}

function hashOf(file: string): string {
  const hash = /\bBUNDLE = ['"]([0-9a-f]{16})['"]/.exec(readFileSync(file, 'utf8'))?.[1];
  if (hash === undefined) throw new Error(`${file} does not say which workflow code it is: build it again`); // prettier-ignore
  return hash;
}
