import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../infra/project-root.js';

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
  known ??= { version: versionOf(join(PROJECT_ROOT, 'package.json')), bundle: hashOf(WORKFLOW_BUNDLE) }; // prettier-ignore
  return known;
}

/** Whether one version is older than another, by the numbers in them. */
export function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}

function versionOf(file: string): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function hashOf(file: string): string {
  const hash = /\bBUNDLE = ['"]([0-9a-f]{16})['"]/.exec(readFileSync(file, 'utf8'))?.[1];
  if (hash === undefined) throw new Error(`${file} does not say which workflow code it is: build it again`); // prettier-ignore
  return hash;
}
