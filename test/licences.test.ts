import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
}

/** Licences that let anyone use, change and pass on; CC-BY-4.0 is that of the data of caniuse-lite. */
const ALLOWED =
  /^(0BSD|Apache-2\.0|Apache-2\.0 AND MIT|BlueOak-1\.0\.0|BSD-[23]-Clause|CC-BY-4\.0|ISC|MIT|MIT OR Apache-2\.0|Unlicense)$/;
/** Packages whose manifest names no licence, and the one that their LICENSE file holds. */
const READ_BY_HAND: Record<string, string> = { 'node_modules/unionfs': 'Unlicense' };

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, LockedPackage>;
};

/** The packages of the lock file that an installation without development tools has, with a licence not allowed. */
function unlicensed(locked: Record<string, LockedPackage>): string[] {
  return Object.entries(locked)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { license }]) => [path, license ?? READ_BY_HAND[path] ?? 'none'] as const)
    .filter(([, license]) => !ALLOWED.test(license))
    .map(([path, license]) => `${path}: ${license}`);
}

describe('the packages that are installed with this one', () => {
  it('have licences that let anyone use and pass on', () => {
    expect(unlicensed(packages)).toEqual([]);
  });

  it('would be named if they had another licence, or none', () => {
    const added = { 'node_modules/a': { license: 'GPL-3.0-only' }, 'node_modules/b': {} };
    expect(unlicensed({ ...packages, ...added })).toEqual([
      'node_modules/a: GPL-3.0-only',
      'node_modules/b: none',
    ]);
  });
});
