import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { licencesOf, licencesPage, type LockedPackage } from '../infra/licences.js';

/** Licences that let anyone use, change and pass on; CC-BY-4.0 is that of the data of caniuse-lite. */
const ALLOWED =
  /^(0BSD|Apache-2\.0|Apache-2\.0 AND MIT|BlueOak-1\.0\.0|BSD-[23]-Clause|CC-BY-4\.0|ISC|MIT|MIT OR Apache-2\.0|Unlicense)$/;

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, LockedPackage>;
};

/** The packages with a licence not allowed. */
function unlicensed(locked: Record<string, LockedPackage>): string[] {
  return licencesOf(locked)
    .filter(({ licence }) => !ALLOWED.test(licence))
    .map(({ name, licence }) => `${name}: ${licence}`);
}

describe('the packages that are installed with this one', () => {
  it('have licences that let anyone use and pass on', () => {
    expect(unlicensed(packages)).toEqual([]);
  });

  it('would be named if they had another licence, or none', () => {
    const added = { 'node_modules/a': { license: 'GPL-3.0-only' }, 'node_modules/b': {} };
    expect(unlicensed({ ...packages, ...added })).toEqual(['a: GPL-3.0-only', 'b: none']);
  });

  it('are those of docs/licences.md, with what set-up installs', async () => {
    await expect(licencesPage(packages)).toMatchFileSnapshot('../docs/licences.md');
  });

  it('have installation scripts only where these are known: the others run nothing', () => {
    const scripted = Object.entries(packages)
      .filter(([, { hasInstallScript, dev }]) => hasInstallScript === true && dev !== true)
      .map(([place]) => place.replace(/^.*node_modules\//, ''));
    expect(new Set(scripted)).toEqual(new Set(['protobufjs', '@swc/core']));
  });
});
