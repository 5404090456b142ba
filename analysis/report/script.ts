import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Html } from './html.js';

/** The compiled script of the report, read when it is asked for: see `browser/figure-reader.ts`. */
export function figureReader(): string {
  return readFileSync(createRequire(import.meta.url).resolve('#figure-reader'), 'utf8');
}

/** The text by which a Content-Security-Policy lets exactly this script run. */
export function scriptSource(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
}

/** The script within a page, to the letter: its source counts every blank. */
export function scriptElement(script: string): Html {
  return new Html(`<script type="module">${script}</script>`);
}
